"""Grants that ended by themselves — last day, certification, inactivity — are written down, and told of (Q-10, C-3, I-5).

They gave nothing any more from that instant on, written down or not (I-2). Many are written down at once, in short
transactions; telling comes after it from what is written, one mail to each person however many roles it names. Whatever
stops in the middle goes on where it was; two workers at it do each row once.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import AsText, append_each
from bailiwick.idm.access.actions._stamping import UNTOLD
from bailiwick.idm.access.actions.watching import note_that_none_is_left
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.ending import Ended, by_end, deserted_by, ended_unrecorded
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.sessions import EndReason as SessionEnd
from bailiwick.idm.sessions.actions import end_application_sessions
from bailiwick.idm.sessions.queries import present_among

MOST_AT_ONCE = 1000


def record_endings(*, by: By, now: datetime) -> int:
    """Write down every grant that ended by itself, when it did and why. Returns how many; `tell_owed` tells of them."""
    return sum(_record(keys, by=by, now=now) for keys in in_pieces(ended_unrecorded(now)))


def _record(keys: Collection[UUID], *, by: By, now: datetime) -> int:
    with transaction.atomic():
        found = by_end(keys, now=now)
        for ended, mine in found.items():
            _write(ended, Grant.objects.filter(pk__in=mine), by=by, now=now)
        for organization, application in deserted_by(
            [key for mine in found.values() for key in mine], now=now
        ):
            note_that_none_is_left(organization, application, by=by, now=now)
        return sum(map(len, found.values()))


def _write(ended: Ended, rows: QuerySet[Grant], *, by: By, now: datetime) -> None:
    rows.update(ended_at=ended.at, end_reason=ended.reason.value, **UNTOLD)
    append_of_grants(Deed.GRANT_ENDED, rows, outcome=ended.reason.value, by=by, now=now)
    # Who was in the application until now is signed out of it (O-5); whoever was not has nothing to end.
    since = now - settings.LIMITS.longest_session
    for application in set(rows.values_list("application", flat=True)):
        holders = rows.filter(application=application).values("account")
        for account in Account.objects.filter(pk__in=present_among(holders, application, since=since)):
            end_application_sessions(
                account=account, application=application, why=SessionEnd.GRANT_ENDED, by=by, now=now
            )


def append_of_grants(deed: Deed, rows: QuerySet[Grant], *, by: By, now: datetime, outcome: str) -> None:
    """One entry about each of some grants, in one statement."""
    append_each(
        deed,
        rows,
        by=by,
        now=now,
        subject=AsText("account_id"),
        organization=Coalesce(F("organization__record__submitter_id"), Value("")),
        application=F("application"),
        outcome=outcome,
        about={"grant": AsText("pk"), "role": F("role")},
    )


def in_pieces(keys: Sequence[UUID], most: int = MOST_AT_ONCE) -> Iterator[Sequence[UUID]]:
    """As many at a time as a transaction may hold without anybody waiting for it."""
    return (keys[at : at + most] for at in range(0, len(keys), most))
