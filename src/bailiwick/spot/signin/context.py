"""Tells templates after how long without activity a person is warned, and signed out (S-8)."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def idle(request: HttpRequest) -> dict[str, Any]:
    """`idle` {warned_after, ends_after, stay_url}, whole seconds, or nothing at all where nobody is signed in."""
    if getattr(request, "signed_in", None) is None:
        return {}
    limits = settings.LIMITS
    return {
        "idle": {
            "warned_after": int(limits.idle_warned_after.total_seconds()),
            "ends_after": int(limits.idle_ends_after.total_seconds()),
            "stay_url": "/stay-signed-in/",
        }
    }
