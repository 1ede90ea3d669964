"""Which certifications a round opens, closes and tells of: asked of many at once, for rounds that may run late (C-3, I-2)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from bailiwick.idm.access.certification import OPEN, Certification
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import (
    IDENTITY,
    able_approvers,
    codes_of,
    is_live,
    is_within_its_days,
    zone,
)
from bailiwick.idm.access.queries.ending import decided_by_approvers
from bailiwick.idm.access.queries.grants import with_activity
from bailiwick.idm.access.queries.health import with_approvers
from bailiwick.idm.access.queries.requests import desk_grants
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.catalogue import Standing
from bailiwick.idm.rules.certification import last_opened
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import TIER_OF_APPLICATION_DESK, TIER_OF_SECURITY_DESK, EndReason


def latest_open(now: datetime) -> date:
    """The latest due date that is open at `now`."""
    return last_opened(day_of(now, zone()), settings.LIMITS.certification_opens)


def to_open(now: datetime) -> QuerySet[Grant]:
    """The roles that are due soon and whose certification is not opened yet."""
    opened = Certification.objects.filter(grant=OuterRef("pk"), due_on=OuterRef("certify_by"))
    due = Grant.objects.filter(is_within_its_days(now), certify_by__lte=latest_open(now))
    return due.filter(~Exists(opened))


def missed() -> QuerySet[Certification]:
    """The open ones whose role ended because nobody certified it, as was written down."""
    return _open_of(Q(end_reason=EndReason.CERTIFICATION_MISSED))


def pointless() -> QuerySet[Certification]:
    """The open ones whose role ended in another way."""
    return _open_of(Q(ended_at__isnull=False) & ~Q(end_reason=EndReason.CERTIFICATION_MISSED))


def _open_of(roles: Q) -> QuerySet[Certification]:
    these = Grant.objects.filter(roles, pk=OuterRef("grant"))
    return Certification.objects.filter(Exists(these), outcome=OPEN)


def open_now(now: datetime) -> QuerySet[Certification]:
    """The open ones that can still be decided."""
    return Certification.objects.filter(outcome=OPEN, due_on__gte=day_of(now, zone()))


def desk_members(now: datetime) -> list[Account]:
    """Everybody who certifies from a desk: of an application from tier 2 up, of IDM in tier 3."""
    members: set[UUID] = set()
    # A statement each: asked as one, the database looks through every account.
    for one in catalogue().applications:
        tier = TIER_OF_SECURITY_DESK if one.code == IDENTITY else TIER_OF_APPLICATION_DESK
        members.update(desk_grants(one.code, tier=tier, now=now).values_list("account", flat=True))
    return list(Account.objects.select_related("person").filter(pk__in=members).order_by("pk"))


def alone_at_security_desk(now: datetime) -> list[Grant]:
    """The roles of tier 3 that nobody but their holder could certify, in the week before they end (H-7).

    A role that rests certifies nothing, and is not lost by that either; whose role runs out, or who is archived, does not count.
    """
    codes = codes_of(catalogue().application(IDENTITY), [Standing.DESK], tier=TIER_OF_SECURITY_DESK)
    able = desk_grants(IDENTITY, tier=TIER_OF_SECURITY_DESK, now=now).filter(ends_on__isnull=True)
    soon = last_opened(day_of(now, zone()), max(settings.LIMITS.certification_told))
    held = Grant.objects.filter(is_live(now), application=IDENTITY, role__in=codes)
    due = held.filter(ends_on__isnull=True, certify_by__lte=soon).exclude(
        account__state=AccountState.ARCHIVED
    )
    others = able.exclude(account=OuterRef("account"))
    return list(due.filter(~Exists(others)).order_by("pk"))


def approvers_in_round(round_of: date, *, now: datetime, but: Collection[UUID]) -> list[UUID]:
    """The able approvers of the organizations in whose end users' roles a round has something to tell."""
    found: set[UUID] = set()
    for application in with_approvers():
        told_of = Certification.objects.filter(
            _of_grant(decided_by_approvers()),
            notices_round=round_of,
            grant__application=application.code,
            grant__organization=OuterRef("organization"),
        )
        able = able_approvers(application, now=now).filter(Exists(told_of))
        found.update(able.values_list("account", flat=True))
    return sorted(found.difference(but))


def _of_grant(roles: Q) -> Q:
    return Q(grant__in=Grant.objects.filter(roles))


def due_at(approvers: Iterable[UUID], *, round_of: date, now: datetime) -> dict[Account, list[Grant]]:
    """All that is open for each of these approvers, the first due first; none for whom the round has nothing new."""
    places: dict[tuple[str, UUID], list[UUID]] = {}
    for application in with_approvers():
        able = able_approvers(application, now=now).filter(account__in=list(approvers))
        for account, place in able.values_list("account_id", "organization_id"):
            places.setdefault((application.code, place), []).append(account)
    organizations = {place for _, place in places}
    lines = with_activity().filter(
        decided_by_approvers(), is_live(now), certify_by__lte=latest_open(now), organization__in=organizations
    )
    due: dict[UUID, list[Grant]] = {}
    open_there = list(lines.order_by("certify_by", "organization", "pk"))
    told_of = Certification.objects.filter(notices_round=round_of, grant__in=open_there)
    new = set(told_of.values_list("grant_id", flat=True))
    for grant in open_there:
        for account in places.get((grant.application, grant.organization_id), ()):
            if account != grant.account_id:
                due.setdefault(account, []).append(grant)
    people = Account.objects.select_related("person").filter(pk__in=due)
    return {
        one: due[one.pk] for one in people.order_by("pk") if any(grant.pk in new for grant in due[one.pk])
    }


def holders_in_round(round_of: date, *, most: int) -> list[UUID]:
    """Some of those whose own roles a round has something to tell of."""
    rows = Certification.objects.filter(warnings_round=round_of)
    return list(rows.order_by("grant__account").values_list("grant__account", flat=True).distinct()[:most])


def ending_for(holders: Collection[UUID], *, round_of: date, now: datetime) -> dict[Account, list[Grant]]:
    """The roles that each of these people will lose unless somebody certifies them."""
    rows = Certification.objects.filter(warnings_round=round_of, outcome=OPEN, due_on=OuterRef("certify_by"))
    grants = with_activity().filter(
        Exists(rows.filter(grant=OuterRef("pk"))), is_live(now), account__in=holders
    )
    found: dict[Account, list[Grant]] = {}
    for grant in grants.order_by("certify_by", "pk"):
        found.setdefault(grant.account, []).append(grant)
    return found
