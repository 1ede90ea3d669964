"""What there is at the end of a simulated day, read from the database and from the post of the day."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from bailiwick.ground.outbox.catalogue import kind
from bailiwick.ground.outbox.models import InboxMessage, Message
from bailiwick.idm.access.models import OPEN, Grant, RoleRequest
from bailiwick.idm.access.queries.authority import is_live, rests_not
from bailiwick.idm.access.queries.certifying import Certification
from bailiwick.idm.access.queries.health import unattended
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.certification import Outcome
from bailiwick.idm.rules.grants import EndReason


@dataclass(frozen=True)
class Day:
    """One day. `ended`, `notices` and `certified` by reason, kind and outcome; all else are numbers of that day."""

    number: int
    date: date
    active: int = 0
    inactive: int = 0
    started: int = 0
    restored: int = 0
    ended: Mapping[str, int] = field(default_factory=dict)
    notices: Mapping[str, int] = field(default_factory=dict)
    certified: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0
    oldest_waiting: int = 0
    without_approver: int = 0
    signed_in: int = 0
    came_back: int = 0
    gave_up: int = 0
    found_none: int = 0
    left: int = 0

    @property
    def held(self) -> int:
        return self.active + self.inactive


# Beside the outcomes that a certification has: missed, and brought back within its time (C-5).
RESTORED = "restored"
COUNTED = ("ended", "notices", "certified")


def together(parts: Sequence[Sequence[Day]]) -> list[Day]:
    """The days of several worlds as those of one: sums, and of what has waited longest the longest."""
    return [_sum(same) for same in zip(*parts, strict=True)]


def _sum(same: Sequence[Day]) -> Day:
    found: dict[str, Any] = {"number": same[0].number, "date": same[0].date}
    for name in (one.name for one in fields(Day) if one.name not in found):
        values = [getattr(day, name) for day in same]
        whole = sum(map(Counter, values), Counter()) if name in COUNTED else sum(values)
        found[name] = max(values) if name == "oldest_waiting" else whole
    return Day(**found)


@dataclass
class Post:
    """The notices since it was collected last: how many of each kind, and to whom."""

    kinds: Counter[str] = field(default_factory=Counter)
    addresses: dict[str, list[str]] = field(default_factory=dict)

    def collect(self) -> None:
        """Take what was written out of the outbox and the inboxes: it counts as delivered and read.

        What the outbox would put together into one mail counts once.
        """
        rows = Message.objects.filter(channel="email").values_list("kind", "to")
        for (name, to), count in sorted(Counter(rows).items()):
            self.kinds[name] += 1 if kind(name).digest else count
            self.addresses.setdefault(name, []).append(to)
        Message.objects.all().delete()
        InboxMessage.objects.all().delete()


@dataclass
class Totals:
    """Sums since the first day, so that a day is the difference to the one before.

    `ended`, and missed certifications: every one, also those that were taken back; `restored`: how many of them were.
    """

    started: int
    restored: int
    ended: Counter[str]
    certified: Counter[str]


def totals_of(application: Application) -> Totals:
    """As the database says now."""
    rows = _rows(application)
    of_these = Certification.objects.filter(grant__in=rows)
    restored = of_these.filter(is_late=True).count()
    ends = rows.filter(ended_at__isnull=False).values_list("end_reason").annotate(Count("pk"))
    ended = Counter(dict(ends)) + Counter({EndReason.CERTIFICATION_MISSED: restored})
    certified = Counter(dict(of_these.values_list("outcome").annotate(Count("pk"))))
    # One that was restored was missed before, and is no certification in time.
    certified += Counter({Outcome.MISSED: restored, RESTORED: restored})
    certified -= Counter({Outcome.CERTIFIED: restored})
    return Totals(rows.count(), restored, ended, certified)


def _rows(application: Application) -> QuerySet[Grant]:
    """The roles at organizations; the desk is there to work, not to be counted."""
    return Grant.objects.filter(application=application.code, organization__isnull=False)


def standing_at(application: Application, *, now: datetime) -> dict[str, int]:
    """The part of a day that is a state and not a sum."""
    held = _rows(application).filter(is_live(now)).count()
    active = _rows(application).filter(rests_not(application, now)).count()
    waiting = RoleRequest.objects.filter(state=OPEN, expires_at__gt=now)
    about = waiting.aggregate(count=Count("pk"), oldest=Min("submitted_at"))
    return {
        "active": active,
        "inactive": held - active,
        "waiting": about["count"],
        "oldest_waiting": (now - about["oldest"]).days if about["oldest"] else 0,
        "without_approver": unattended(application, now=now).count(),
    }
