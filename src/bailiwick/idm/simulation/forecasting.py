"""What is to come on the live database, under the numbers in force or others; reads only (I-3 to I-5, C-3, INV-12).

Nobody knows who will sign in. So whoever was seen since the first warning is taken to come again, and whoever was not
is taken to stay away: they are "quiet". What has to be certified is told apart from what is on course to be lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import codes_of, is_within_its_days, zone
from bailiwick.idm.access.queries.grants import facts_of
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.days import day_of, oldest_still_within
from bailiwick.idm.rules.grants import APPROVING, EndReason, Spans, last_activity, over_from
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.reactivation import warnings_of

HORIZONS = (30, 60, 90)
AT_ONCE = 2000


# When a role was used last: the later of its start, a sign-in to its application, and its restoration ("Activity", I-1).
USED = Greatest(
    "started_at", Coalesce("last_sign_in_at", "started_at"), Coalesce("restored_at", "started_at")
)


@dataclass(frozen=True)
class Numbers:
    """How long the roles of an application last. `quiet_after`: the first warning, from which on nobody is expected."""

    application: Application
    spans: Spans
    quiet_after: timedelta

    def held(self, now: datetime) -> QuerySet[Grant]:
        """The roles at organizations that are held at `now`, recorded or not, each with when it was `used`."""
        rows = Grant.objects.annotate(used=USED).filter(
            application=self.application.code, organization__isnull=False
        )
        kept = Q(used__gte=oldest_still_within(now, self.spans.removed_after, zone()))
        return rows.filter(is_within_its_days(now), kept)

    def awake(self, at: datetime) -> Q:
        """Used lately enough not to be inactive at that time."""
        return Q(used__gte=oldest_still_within(at, self.spans.inactive_after, zone()))

    def quiet(self, now: datetime) -> Q:
        """Not used since before the first warning."""
        return Q(used__lt=oldest_still_within(now, self.quiet_after, zone()))

    def stays_away(self, span: timedelta, at: datetime, *, now: datetime) -> Q:
        """Quiet, and unused for `span` by that time: one comparison, with the earlier of the two instants."""
        begun = oldest_still_within(now, self.quiet_after, zone()), oldest_still_within(at, span, zone())
        return Q(used__lt=min(begun))


def numbers_of(application: Application, limits: Limits) -> Numbers:
    """The stricter of the application's and the deployment's."""
    own = application.limits
    spans = Spans(
        min(own.inactive_after, limits.inactive_after),
        min(own.removed_after, limits.removed_after),
        min(own.reactivation_window, limits.reactivation_window),
    )
    return Numbers(application, spans, min(warnings_of(spans, limits), default=spans.inactive_after))


@dataclass(frozen=True)
class Losses:
    """What is lost until some day, in roles; a role can stand in several, in `lost` it stands once.

    `resting`: become inactive. `removed`: by inactivity. `to_certify`: end unless they are certified before.
    """

    days: int
    resting: int
    removed: int
    last_day: int
    to_certify: int
    lost: int


@dataclass(frozen=True)
class Outlook:
    """One application's. `alone`: organizations where nobody can decide, now and at each horizon, by submitter ID."""

    application: Application
    held: int
    active: int
    quiet: int
    losses: tuple[Losses, ...]
    alone: tuple[frozenset[str], ...]


def outlook(numbers: Numbers, *, now: datetime) -> Outlook:
    """Two statements, however many roles there are."""
    found = losses_ahead(numbers, now=now)
    losses = tuple(Losses(days, *(found[f"{name}_{days}"] for name in _PARTS)) for days in HORIZONS)
    return Outlook(
        numbers.application,
        found["held"],
        found["active"],
        found["quiet"],
        losses,
        alone_ahead(numbers, now=now),
    )


def losses_ahead(numbers: Numbers, *, now: datetime) -> dict[str, int]:
    """How many roles are held, active and quiet, and of each horizon its `Losses`, as `lost_30`; one statement."""
    counts = {
        "held": Count("pk"),
        "active": Count("pk", filter=numbers.awake(now)),
        "quiet": Count("pk", filter=numbers.quiet(now)),
    }
    for days in HORIZONS:
        counts |= _counts(numbers, days, now)
    found: dict[str, int] = numbers.held(now).aggregate(**counts)
    return found


_PARTS = ("resting", "removed", "last_day", "to_certify", "lost")


def _counts(numbers: Numbers, days: int, now: datetime) -> dict[str, Count]:
    at = now + timedelta(days=days)
    filters = {
        "resting": numbers.awake(now) & numbers.stays_away(numbers.spans.inactive_after, at, now=now),
        "removed": numbers.stays_away(numbers.spans.removed_after, at, now=now),
        "last_day": Q(ends_on__lt=day_of(at, zone())),
        "to_certify": Q(certify_by__lt=day_of(at, zone())),
        "lost": _lost(numbers, at, now),
    }
    return {f"{name}_{days}": Count("pk", filter=filters[name]) for name in filters}


def _lost(numbers: Numbers, at: datetime, now: datetime) -> Q:
    """Over by that time, if the quiet stay quiet and nobody certifies anything."""
    return numbers.stays_away(numbers.spans.removed_after, at, now=now) | ~is_within_its_days(at)


def alone_ahead(numbers: Numbers, *, now: datetime) -> tuple[frozenset[str], ...]:
    """Open organizations where somebody holds a role and nobody can decide: now, and once the quiet have stayed away.

    What has to be certified is taken to be certified: else nobody would be left anywhere in a year.
    """
    here = numbers.held(now).filter(organization=OuterRef("pk"))
    able = here.filter(
        numbers.awake(now),
        account__state=AccountState.ACTIVE,
        role__in=codes_of(numbers.application, APPROVING),
    )
    then = {"able_0": Exists(able)}
    for days in HORIZONS:
        at = now + timedelta(days=days)
        stays = Q(ends_on__isnull=True) | Q(ends_on__gte=day_of(at, zone()))
        then[f"able_{days}"] = Exists(
            able.filter(stays, ~numbers.stays_away(numbers.spans.inactive_after, at, now=now))
        )
    rows = Organization.objects.filter(Exists(here), record__status=EnrollmentRecord.Status.ACTIVE)
    found = list(rows.annotate(**then).values_list("record__submitter_id", *then))
    return tuple(frozenset(row[0] for row in found if not row[at]) for at in range(1, len(then) + 1))


@dataclass(frozen=True)
class Loss:
    """One role that somebody is on course to lose: on which day it is over, and why."""

    application: str
    submitter_id: str
    role: str
    user_id: str
    day: date
    reason: EndReason


def losses(numbers: Numbers, *, now: datetime) -> Iterator[Loss]:
    """Everything within the last horizon, a role at a time, by the rule itself; in no order, in little memory."""
    at = now + timedelta(days=HORIZONS[-1])
    rows = numbers.held(now).filter(_lost(numbers, at, now))
    quiet_since = oldest_still_within(now, numbers.quiet_after, zone())
    for grant in rows.select_related("organization__record", "account").iterator(chunk_size=AT_ONCE):
        facts = facts_of(grant, None)
        if last_activity(facts) >= quiet_since:
            facts = replace(facts, last_sign_in_at=at)
        over, reason = over_from(facts, numbers.spans, zone())
        yield Loss(
            numbers.application.code,
            grant.submitter_id,
            grant.role,
            grant.account.user_id,
            day_of(over, zone()),
            reason,
        )
