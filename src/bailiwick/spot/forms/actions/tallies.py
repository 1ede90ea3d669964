"""Counting before doing: whoever gets a number may go on, however many ask at once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from bailiwick.ground import vault
from bailiwick.spot.forms.tallies import Tally


def reserve(what: str, *, most: int, lasts: timedelta, now: datetime) -> bool:
    """Whether this is one of the first `most` of a span that begins with the first. `what` is kept as a keyed digest."""
    key = vault.digest(what, purpose="tally")
    with transaction.atomic():
        Tally.objects.bulk_create([Tally(key=key, opened_at=now, count=0)], ignore_conflicts=True)
        mine = Tally.objects.filter(key=key)
        mine.filter(opened_at__lte=now - lasts).update(opened_at=now, count=0)
        return mine.filter(count__lt=most).update(count=F("count") + 1) == 1
