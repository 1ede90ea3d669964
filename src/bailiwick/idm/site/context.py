"""Tells templates who is signed in to IDM."""

from typing import Any

from django.http import HttpRequest


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """`signed_in` {name, user_id, is_limited}, or nothing at all where nobody is signed in."""
    person = getattr(request, "signed_in", None)
    if not person:
        return {}
    user_id = person.account.user_id
    return {
        "signed_in": {"name": person.name or user_id, "user_id": user_id, "is_limited": person.is_limited}
    }
