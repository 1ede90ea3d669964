"""Grants that ended by themselves: which no job has written down yet, and of which somebody has still to hear (I-2, N-1)."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import (
    IDENTITY,
    able_approvers,
    codes_of,
    desks_and_others,
    is_live,
    is_open_place,
    is_within_its_days,
    spans_of,
    zone,
)
from bailiwick.idm.access.queries.grants import facts_in, role_of
from bailiwick.idm.access.queries.health import with_approvers
from bailiwick.idm.access.queries.requests import desk_grants
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.catalogue import Application, Decider
from bailiwick.idm.rules.days import oldest_still_within
from bailiwick.idm.rules.grants import (
    APPROVING,
    TIER_OF_APPLICATION_DESK,
    TIER_OF_SECURITY_DESK,
    EndReason,
    over_from,
)

READ = (
    "pk",
    "application",
    "role",
    "started_at",
    "restored_at",
    "certify_by",
    "ends_on",
    "last_sign_in_at",
    "account__last_signed_in_at",
)


@dataclass(frozen=True)
class Ended:
    """When grants ended by themselves, and why."""

    at: datetime
    reason: EndReason


def ended_unrecorded(now: datetime) -> list[UUID]:
    """The grants that are over at `now` and whose end no job has written down: `~is_live`, in parts that are found quickly."""
    applications = catalogue().applications
    gone = ~Q(application__in=[application.code for application in applications])
    parts = [gone & ~is_live(now)]
    for application in applications:
        since = oldest_still_within(now, spans_of(application).removed_after, zone())
        for here, active in desks_and_others(application):
            parts.append(here & ~(is_within_its_days(now) & active(since)))
    unrecorded = Grant.objects.filter(ended_at__isnull=True)
    return sorted(key for part in parts for key in unrecorded.filter(part).values_list("pk", flat=True))


def by_end(keys: Collection[UUID], *, now: datetime) -> dict[Ended, list[UUID]]:
    """When and why each of these ended, by the rule; locked until the transaction ends, and those left out that did not."""
    rows = Grant.objects.filter(pk__in=keys, ended_at__isnull=True).order_by("pk")
    found: dict[Ended, list[UUID]] = defaultdict(list)
    for row in rows.select_for_update(of=("self",), no_key=True).values(*READ):
        described, role = role_of(row["application"], row["role"])
        at, reason = over_from(facts_in(row, role), spans_of(described), zone())
        if now >= at:
            found[Ended(at, reason)].append(row["pk"])
    return found


def deserted_by(keys: Collection[UUID], *, now: datetime) -> Iterator[tuple[Organization, str]]:
    """The organizations where one of these roles was an approver's and nobody can decide any more, with the application (Q-9)."""
    for application in with_approvers():
        ended = Grant.objects.filter(
            pk__in=keys, application=application.code, role__in=codes_of(application, APPROVING)
        )
        able = able_approvers(application, now=now).filter(organization=OuterRef("pk"))
        alone = Organization.objects.filter(~Exists(able), pk__in=ended.values("organization"))
        for organization in alone.select_related("record"):
            yield organization, application.code


def decided_by(decider: Decider) -> dict[str, Q]:
    """By application: the roles on which these decide (Q-4). An application that has none is left out."""
    codes = {
        application.code: [role.code for role in application.roles if role.decided_by is decider]
        for application in catalogue().applications
    }
    return {name: Q(application=name, role__in=roles) for name, roles in codes.items() if roles}


def decided_by_approvers() -> Q:
    return reduce(or_, decided_by(Decider.APPROVERS).values(), Q(pk__in=[]))


def of_desks(rows: QuerySet[Grant], *, now: datetime) -> list[tuple[QuerySet[Grant], QuerySet[Grant]]]:
    """Those of which a desk hears, each desk's with the grants that make its members; the last of a pair is nobody's.

    A desk decides on some roles, and stands in for the approvers of an organization that has no able one (G-7); of the
    roles at a closed organization, and of those that left the catalogue, nobody has anything to decide.
    """
    of_approvers, of_its_desk = decided_by(Decider.APPROVERS), decided_by(Decider.APPLICATION_DESK)
    pieces = []
    for application in catalogue().applications:
        code, nobody = application.code, Q(pk__in=[])
        theirs = of_its_desk.get(code, nobody) | (
            of_approvers.get(code, nobody) & _is_alone(application, now)
        )
        pieces.append((rows.filter(theirs), desk_grants(code, tier=TIER_OF_APPLICATION_DESK, now=now)))
    security = desk_grants(IDENTITY, tier=TIER_OF_SECURITY_DESK, now=now)
    pieces += [(rows.filter(those), security) for those in decided_by(Decider.IDENTITY_DESK).values()]
    known = reduce(or_, (those for one in Decider for those in decided_by(one).values()), Q(pk__in=[]))
    return [*pieces, (rows.exclude(known), Grant.objects.none())]


def _is_alone(application: Application, now: datetime) -> Q:
    """At an open organization where nobody but the holder can decide."""
    able = able_approvers(application, now=now).filter(organization=OuterRef("organization"))
    return is_open_place() & ~Exists(able.exclude(account=OuterRef("account")))


@beyond()
def people_of_desk(members: QuerySet[Grant]) -> list[Account]:
    """Who holds these grants of a desk, each once."""
    people = Account.objects.filter(pk__in=members.values("account"))
    return list(people.select_related("person").order_by("user_id_key"))


@beyond()
def approvers_on(grant: Grant, *, now: datetime) -> list[Account]:
    """The able approvers of its organization, but its holder: who decides on an end user's role there (Q-4, Q-5)."""
    application, role = role_of(grant.application, grant.role)
    if application is None or role is None or role.decided_by is not Decider.APPROVERS:
        return []
    able = able_approvers(application, now=now).filter(organization=grant.organization_id)
    people = Account.objects.filter(pk__in=able.exclude(account=grant.account_id).values("account"))
    return list(people.select_related("person").order_by("user_id_key"))
