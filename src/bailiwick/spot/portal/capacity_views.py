"""Working as: role, organization and provider, chosen in one place (M-2)."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bailiwick.ground.pages.fields import Option
from bailiwick.ground.program import by, clock
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.portal.forms import LookForm, ProviderForm, RoleForm
from bailiwick.spot.services import queries
from bailiwick.spot.services.models import Provider
from bailiwick.spot.signin import actions
from bailiwick.spot.signin.doors import signed_in
from bailiwick.spot.signin.queries import SignedIn
from bailiwick.wire.claims import GrantClaim

MOST_PROVIDERS = 20
ALL = "all"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def working_as(request: HttpRequest) -> HttpResponse:
    """One of the roles that IDM tells just now, and one of the providers that its organization serves today, or all of them."""
    person, now = request.signed_in, clock.now()
    current = {"grant": person.working_as.id if person.working_as else ""}
    sent = request.POST if "grant" in request.POST else None
    roles = RoleForm(sent, initial=current, options=_role_options(person))
    if request.method == "POST" and roles.is_bound and roles.is_valid():
        grant = next(one for one in person.grants if one.id == roles.cleaned_data["grant"])
        _choose(request, grant, None, now)
        return redirect("spot_portal:working-as")
    found = _providers(request, person, now)
    sent = request.POST if "provider" in request.POST else None
    at_first = {"provider": str(person.working_provider or ALL)}
    chosen = ProviderForm(sent, initial=at_first, options=_provider_options(found[:MOST_PROVIDERS]))
    if request.method == "POST" and chosen.is_bound and chosen.is_valid():
        wanted = chosen.cleaned_data["provider"]
        provider = next((one for one in found if str(one.pk) == wanted), None)
        _choose(request, person.working_as, provider, now)
        return redirect("spot_portal:home")
    context = {
        "person": person,
        "roles": roles,
        "has_providers": bool(found) or bool(request.GET.get("text")),
        "most": MOST_PROVIDERS if len(found) > MOST_PROVIDERS else 0,
        "look": LookForm(request.GET),
        "providers": chosen,
        "back": [(_("Home"), reverse("spot_portal:home"))],
    }
    return render(request, "spot_portal/working_as.html", context)


def _role_options(person: SignedIn) -> list[Option]:
    return [Option(grant.id, grant.role_name, _place_of(grant)) for grant in person.grants]


def _place_of(grant: GrantClaim) -> str:
    place = grant.organization
    return f"{place.legal_name}, {place.submitter_id}" if place else _("At no organization")


def _providers(request: HttpRequest, person: SignedIn, now: datetime) -> list[Provider]:
    """Whom the organization serves today: the one that was sent, or those that are looked for."""
    grant = person.working_as
    record = record_with(grant.organization.submitter_id) if grant and grant.organization else None
    if record is None:
        return []
    look = LookForm(request.GET)
    text = look.cleaned_data["text"] if look.is_valid() else ""
    served = queries.served_by(record, text=text, day=timezone.localdate(now))
    if request.method == "POST":
        wanted = _identifier(request.POST.get("provider", ""))
        served = queries.served_by(record, day=timezone.localdate(now)).filter(provider=wanted)
    return [row.provider for row in served[: MOST_PROVIDERS + 1]]


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _provider_options(found: list[Provider]) -> list[Option]:
    every = Option(ALL, _("All providers of the organization"))
    return [every, *(Option(str(one.pk), one.name, f"PTAN {one.ptan}, NPI {one.npi}") for one in found)]


def _choose(request: HttpRequest, grant: GrantClaim | None, provider: Provider | None, now: datetime) -> None:
    if grant is not None:
        actions.work_as(
            session=request.signed_in.session,
            grant=grant,
            provider=provider.pk if provider else None,
            provider_name=provider.name if provider else "",
            by=by(request),
            now=now,
        )
