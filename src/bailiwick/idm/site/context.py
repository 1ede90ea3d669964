"""Tells templates who is signed in to IDM, and what is announced there."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from bailiwick.ground.outbox.announcements import banners
from bailiwick.ground.program import clock


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """`signed_in` {name, user_id, is_limited}, or nothing at all where nobody is signed in."""
    person = getattr(request, "signed_in", None)
    if not person:
        return {}
    user_id = person.account.user_id
    return {
        "signed_in": {"name": person.name or user_id, "user_id": user_id, "is_limited": person.is_limited}
    }


def idle(request: HttpRequest) -> dict[str, Any]:
    """`idle` {warned_after, ends_after, stay_url}, whole seconds, or nothing at all where nobody is signed in (S-8)."""
    if not getattr(request, "signed_in", None):
        return {}
    limits = settings.LIMITS
    return {
        "idle": {
            "warned_after": int(limits.idle_warning.total_seconds()),
            "ends_after": int(limits.idle_end.total_seconds()),
            "stay_url": "/stay/",
        }
    }


def announcements(_request: HttpRequest) -> list[dict[str, Any]]:
    """The banners of the moment (N-4)."""
    return banners("idm", now=clock.now())
