"""Which grants give power at an instant, and what somebody may do with theirs.

Authority comes from live, active grants of an account that is neither suspended nor archived, of organizations that
are not closed ("Able approver", I-4, Q-4). Everything is asked of the database at the instant itself (I-2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
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
from bailiwick.idm.rules.grants import APPROVING, TIER_OF_APPLICATION_DESK, TIER_OF_SECURITY_DESK
from bailiwick.idm.sessions.models import Session

IDENTITY = "idm"


def zone() -> ZoneInfo:
    """The deployment's time zone, in which days are counted."""
    return ZoneInfo(settings.TIME_ZONE)


def today(now: datetime) -> datetime:
    """When the deployment's day of `now` began: what is asked by whole days has one answer until it ends."""
    return start_of(day_of(now, zone()), zone())


def inactive_after(application: Application | None) -> timedelta:
    """The deployment's number, or the application's own where that is stricter."""
    most: timedelta = settings.LIMITS.inactive_after
    return min(most, application.limits.inactive_after) if application else most


def is_active(account: Account) -> bool:
    """Whether the account is, in the database now, neither suspended nor archived."""
    return Account.objects.filter(pk=account.pk, state=AccountState.ACTIVE).exists()


def codes_of(application: Application, standings: Iterable[Standing], *, tier: int = 0) -> list[str]:
    """The codes of an application's roles of these standings, and of this tier at least."""
    wanted = frozenset(standings)
    return [role.code for role in application.roles if role.standing in wanted and role.tier >= tier]


def is_live(now: datetime) -> Q:
    """Not ended, and not past its end date, whether or not a job has recorded that."""
    return Q(ended_at__isnull=True) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day_of(now, zone())))


def gives_authority(application: Application, now: datetime) -> Q:
    """The grants of one application that count at `now`."""
    is_open = Q(organization__isnull=True) | Q(organization__record__status=EnrollmentRecord.Status.ACTIVE)
    return rests_not(application, now) & Q(account__state=AccountState.ACTIVE) & is_open


def rests_not(application: Application, now: datetime) -> Q:
    """The live grants of one application with a recent activity (I-4), by columns of the grant alone."""
    since = oldest_still_within(now, inactive_after(application), zone())
    is_recent = Q(started_at__gte=since) | Q(last_sign_in_at__gte=since)
    desk = codes_of(application, [Standing.DESK])
    if desk:  # used in IDM, so sign-ins to IDM count (I-1)
        signed_in = Session.objects.filter(account=OuterRef("account_id"), authenticated_at__gte=since)
        is_recent |= Q(role__in=desk) & Exists(signed_in)
    return Q(application=application.code) & is_live(now) & is_recent


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
    read = _read_authority(catalogue().applications, today(now), settings.LIMITS.inactive_after)
    return Authority(frozenset(read(account=account.pk)))


@lru_cache(maxsize=16)
def _read_authority(applications: tuple[Application, ...], day: datetime, _inactive_after: timedelta) -> Read:
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
