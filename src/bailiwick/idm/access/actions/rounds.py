"""What jobs record and tell of what has become true by itself (I-2). Each row in its own short transaction."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.idm.access.actions._closing import record_expiry
from bailiwick.idm.access.models import OPEN, RoleRequest
from bailiwick.idm.access.notices import tell_reminder
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.access.queries.requests import requests
from bailiwick.idm.rules.days import oldest_still_within
from bailiwick.idm.rules.deeds import Deed


def expire_requests(*, by: By, now: datetime) -> int:
    """Record the requests that ran out undecided, and tell both sides (Q-6). Returns how many."""
    done = 0
    for key in _keys(RoleRequest.objects.filter(state=OPEN, expires_at__lte=now)):
        with transaction.atomic():
            done += record_expiry(requests().get(pk=key), by=by, now=now)
    return done


def remind_deciders(*, by: By, now: datetime) -> int:
    """Remind those who can decide, at 7, 30 and 50 days (Q-6); a late round reminds once. Returns how many requests."""
    done = 0
    for key, due in _reminders_due(now):
        with transaction.atomic():
            done += _remind(requests().get(pk=key), due, by=by, now=now)
    return done


def _reminders_due(now: datetime) -> list[tuple[UUID, int]]:
    """The open requests that are owed a reminder, each with how many are due by now (Q-6)."""
    spans: tuple[timedelta, ...] = settings.LIMITS.request_reminders
    waiting = RoleRequest.objects.filter(state=OPEN, expires_at__gt=now)
    owed = {}
    for due, span in enumerate(spans, start=1):
        begun = oldest_still_within(now, span, zone())
        late = waiting.filter(submitted_at__lt=begun, reminders_sent__lt=due)
        owed |= dict.fromkeys(late.values_list("pk", flat=True), due)
    return sorted(owed.items())


def _remind(request: RoleRequest, due: int, *, by: By, now: datetime) -> bool:
    mine = RoleRequest.objects.filter(pk=request.pk, state=OPEN, reminders_sent__lt=due)
    if not mine.update(reminders_sent=due):
        return False
    tell_reminder(request, count=due, now=now)
    append(
        Deed.REQUEST_REMINDED,
        by=by,
        now=now,
        subject=request.account_id,
        organization=request.submitter_id,
        application=request.application,
        about={"request": request.number, "reminder": due},
    )
    return True


def _keys(rows: Iterable[RoleRequest]) -> list[object]:
    return list(rows.order_by("pk").values_list("pk", flat=True))
