"""Tells templates who is signed in to SPOT."""

from typing import Any

from django.http import HttpRequest


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """`signed_in` {name, user_id}, or nothing at all where nobody is signed in."""
    person = getattr(request, "signed_in", None)
    if not person:
        return {}
    return {"signed_in": {"name": person.name or person.user_id, "user_id": person.user_id}}
