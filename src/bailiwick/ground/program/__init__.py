"""What every program needs to start and to answer: environment, settings, logs, middleware, health."""

from django.http import HttpRequest

from bailiwick.ground.rulings import By

__all__ = ["by"]


def by(request: HttpRequest) -> By:
    """Who makes this request, and from where."""
    person = getattr(request, "signed_in", None)
    return By(
        actor=str(person.account_id) if person else "visitor",
        source=request.META.get("REMOTE_ADDR", ""),
        capacity=getattr(person, "capacity", ""),
    )
