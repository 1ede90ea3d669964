"""Which grants give power at an instant, and what somebody may do with theirs.

Authority comes from live, active grants of an account that is neither suspended nor archived, of organizations that
are not closed ("Able approver", I-4, Q-4). Everything is asked of the database at the instant itself (I-2).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, reduce
from operator import or_
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, UUIDField

from bailiwick.ground.program.walls import beyond
from bailiwick.ground.statements import Read
from bailiwick.idm.access.models import Grant
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.catalogue import Application, Role, Standing
from bailiwick.idm.rules.days import day_of, oldest_still_within, start_of
from bailiwick.idm.rules.grants import APPROVING, TIER_OF_APPLICATION_DESK, TIER_OF_SECURITY_DESK, Spans

IDENTITY = "idm"


def zone() -> ZoneInfo:
    """The deployment's time zone, in which days are counted."""
    return ZoneInfo(settings.TIME_ZONE)


def today(now: datetime) -> datetime:
    """When the deployment's day of `now` began: what is asked by whole days has one answer until it ends."""
    return start_of(day_of(now, zone()), zone())


def spans_of(application: Application | None) -> Spans:
    """The deployment's numbers, or the application's own where those are stricter (I-4, I-5)."""
    limits = settings.LIMITS
    if application is None:
        return Spans(limits.inactive_after, limits.removed_after, limits.reactivation_window)
    return Spans(
        inactive_after=min(limits.inactive_after, application.limits.inactive_after),
        removed_after=min(limits.removed_after, application.limits.removed_after),
        reactivation_window=min(limits.reactivation_window, application.limits.reactivation_window),
    )


def certification_every(application: Application | None) -> timedelta:
    """How long a role is held from one certification to the next (C-1); the stricter of the two numbers."""
    most: timedelta = settings.LIMITS.certification_every
    return min(most, application.limits.certification_every) if application else most


def is_active(account: Account) -> bool:
    """Whether the account is, in the database now, neither suspended nor archived."""
    return Account.objects.filter(pk=account.pk, state=AccountState.ACTIVE).exists()


def codes_of(application: Application, standings: Iterable[Standing], *, tier: int = 0) -> list[str]:
    """The codes of an application's roles of these standings, and of this tier at least."""
    wanted = frozenset(standings)
    return [role.code for role in application.roles if role.standing in wanted and role.tier >= tier]


def is_live(now: datetime) -> Q:
    """Not ended, neither by somebody nor by itself, whether or not a job has recorded that (I-2): `rules.grants.is_over`."""
    applications = catalogue().applications
    spans = {one.code: spans_of(one).removed_after for one in applications}
    stricter = {code: span for code, span in spans.items() if span != settings.LIMITS.removed_after}
    kept = ~Q(application__in=stricter) if stricter else Q()
    kept &= was_active(settings.LIMITS.removed_after, applications, now)
    for one in applications:
        if one.code in stricter:
            kept |= Q(application=one.code) & was_active(stricter[one.code], [one], now)
    return is_within_its_days(now) & kept


def is_within_its_days(now: datetime) -> Q:
    """Not ended, and neither its last day nor the day to certify it by is over (Q-10, C-3)."""
    today = day_of(now, zone())
    return (
        Q(ended_at__isnull=True)
        & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        & Q(certify_by__gte=today)
    )


def was_active(within: timedelta, applications: Iterable[Application], now: datetime) -> Q:
    """Begun, restored or used since; desk roles are used in IDM, so sign-ins to IDM count for them (I-1)."""
    return active_since(oldest_still_within(now, within, zone()), applications)


def active_since(since: datetime, applications: Iterable[Application]) -> Q:
    """The same of an instant that is known."""
    found = used_since(since)
    desks = Q()
    for one in applications:
        roles = codes_of(one, [Standing.DESK])
        desks |= Q(application=one.code, role__in=roles) if roles else Q()
    if desks:
        holder = Account.objects.filter(pk=OuterRef("account_id"), last_signed_in_at__gte=since)
        found |= desks & Exists(holder)
    return found


def used_since(since: datetime) -> Q:
    """The same of roles that are no desk's, by columns of the grant alone: millions are asked for at once."""
    return Q(started_at__gte=since) | Q(last_sign_in_at__gte=since) | Q(restored_at__gte=since)


def desks_and_others(application: Application) -> list[tuple[Q, Callable[[datetime], Q]]]:
    """For rounds over everything: the application's roles in two parts, each with what tells of an activity since."""
    here, desks = Q(application=application.code), codes_of(application, [Standing.DESK])
    if not desks:
        return [(here, used_since)]
    return [
        (here & ~Q(role__in=desks), used_since),
        (here & Q(role__in=desks), lambda since: active_since(since, [application])),
    ]


def gives_authority(application: Application, now: datetime) -> Q:
    """The grants of one application that count at `now`."""
    return rests_not(application, now) & Q(account__state=AccountState.ACTIVE) & is_open_place()


def is_open_place() -> Q:
    """Held at no organization, or at one whose enrollment record is active."""
    return Q(organization__isnull=True) | Q(organization__record__status=EnrollmentRecord.Status.ACTIVE)


def rests_not(application: Application, now: datetime) -> Q:
    """The live grants of one application with a recent activity (I-4)."""
    is_recent = was_active(spans_of(application).inactive_after, [application], now)
    return Q(application=application.code) & is_within_its_days(now) & is_recent


def rests(now: datetime) -> Q:
    """The live grants that have had no activity for too long (I-4)."""
    active = (rests_not(application, now) for application in catalogue().applications)
    return is_live(now) & ~reduce(or_, active, Q(pk__in=[]))


def able_approvers(application: Application, *, now: datetime) -> QuerySet[Grant]:
    """The approver and backup grants of an application that count at `now`."""
    return Grant.objects.filter(gives_authority(application, now), role__in=codes_of(application, APPROVING))


@beyond()
def has_able_approver(
    application: Application, organization: Organization, *, now: datetime, but: Account | None = None
) -> bool:
    """Whether anybody (`but` that one) can decide for the organization (G-7)."""
    rows = able_approvers(application, now=now).filter(organization=organization)
    return (rows.exclude(account=but) if but else rows).exists()


@dataclass(frozen=True)
class Authority:
    """What somebody's grants empower them to at one instant: (application, role, organization id or None)."""

    grants: frozenset[tuple[str, str, UUID | None]]

    def desk_tier(self, application: str) -> int:
        """The highest tier held at that application's desk; 0 for none."""
        return max(
            (role.tier for role, _ in self.roles_in(application) if role.standing is Standing.DESK), default=0
        )

    def is_application_desk(self, application: str) -> bool:
        return self.desk_tier(application) >= TIER_OF_APPLICATION_DESK and application != IDENTITY

    @property
    def identity_tier(self) -> int:
        return self.desk_tier(IDENTITY)

    @property
    def is_security_desk(self) -> bool:
        return self.identity_tier >= TIER_OF_SECURITY_DESK

    def organizations_approved(self, application: str) -> frozenset[UUID]:
        """The organizations whose approver or backup they are."""
        found = (
            organization for role, organization in self.roles_in(application) if role.standing in APPROVING
        )
        return frozenset(organization for organization in found if organization is not None)

    def places_approved(self) -> list[tuple[str, frozenset[UUID]]]:
        """For each application, the organizations whose approver or backup they are; those with none are left out."""
        found = ((one.code, self.organizations_approved(one.code)) for one in catalogue().applications)
        return [(code, places) for code, places in found if places]

    def approves(self, application: str, organization: Organization | None) -> bool:
        return organization is not None and organization.pk in self.organizations_approved(application)

    def roles_in(self, application: str) -> list[tuple[Role, UUID | None]]:
        """Their roles there, each with its organization. Roles that left the catalogue give nothing."""
        roles = {role.code: role for role in catalogue().application(application).roles}
        return [
            (roles[code], place) for name, code, place in self.grants if name == application and code in roles
        ]


def authority_of(account: Account, *, now: datetime) -> Authority:
    """Everything an account may act on at `now`. One statement; empty for a suspended or archived account."""
    read = _read_authority(catalogue().applications, today(now), spans_of(None))
    return Authority(frozenset(read(account=account.pk)))


@lru_cache(maxsize=16)
def _read_authority(applications: tuple[Application, ...], day: datetime, _spans: Spans) -> Read:
    """Made once a day: what gives authority is asked by whole days (docs/rules.md, "Days")."""
    counting = Q(pk__in=[])
    for application in applications:
        counting |= gives_authority(application, day)
    return Read(
        lambda account: Grant.objects.filter(counting, account=account).values_list(
            "application", "role", "organization_id"
        ),
        account=UUIDField(),
    )


def holds_desk_role(
    account: Account, *, tier: int | None = None, application: str | None = None, now: datetime
) -> bool:
    """Whether they belong to a desk, of `tier` at least, of that application or (None) of any (H-2, H-7)."""
    authority = authority_of(account, now=now)
    names = [application] if application else [one.code for one in catalogue().applications]
    roles = [role for name in names for role, _ in authority.roles_in(name)]
    return any(role.standing is Standing.DESK and role.tier >= (tier or 0) for role in roles)
