"""Finding reviews."""

from datetime import datetime

from bailiwick.bureau.decisions import Review as ReviewState
from bailiwick.bureau.models import Review


def review_with(reference: str) -> Review | None:
    """The review of that number, typed with or without spaces, in any letter case."""
    return Review.objects.filter(reference="".join(reference.split()).upper()).first()


def review_of(person_digest: bytes, *, reference: str, now: datetime) -> Review | None:
    """The live review of that number, where it is this person's."""
    mine = Review.objects.filter(reference=reference, person_digest=person_digest, expires_at__gt=now)
    return mine.select_for_update().first()


def waiting_review_of(person_digest: bytes, *, now: datetime) -> Review | None:
    """The live review that this person can still call about."""
    states = (ReviewState.WAITING, ReviewState.CLEARED)
    mine = Review.objects.filter(person_digest=person_digest, expires_at__gt=now, state__in=states)
    return mine.select_for_update().order_by("-issued_at").first()
