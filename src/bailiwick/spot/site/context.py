"""Tells templates who is signed in to SPOT, as what they work, and what is announced there."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from bailiwick.ground.outbox.announcements import banners
from bailiwick.ground.program import clock
from bailiwick.spot.signin.queries import SignedIn


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """`signed_in` {name, user_id, standing, switch}, or nothing at all where nobody is signed in."""
    person = getattr(request, "signed_in", None)
    if not person:
        return {}
    shown = {"name": person.name or person.user_id, "user_id": person.user_id, "standing": _standing(person)}
    return {"signed_in": {**shown, "switch": reverse("spot_portal:working-as")}}


def _standing(person: SignedIn) -> str:
    """The role, organization and provider that they work as, on every page (M-2)."""
    grant = person.working_as
    if grant is None:
        return ""
    place = grant.organization.legal_name if grant.organization else ""
    provider = person.session.working_provider_name if person.working_provider else ""
    return _("Working as %(what)s") % {"what": " · ".join(filter(None, (grant.role_name, place, provider)))}


def announcements(_request: HttpRequest) -> list[dict[str, Any]]:
    """The banners of the moment, as IDM tells them (N-4)."""
    return banners("spot", now=clock.now())
