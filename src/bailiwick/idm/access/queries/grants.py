"""Reading grants: what people hold, what an application hears of it (O-3), and who may take it away (Q-8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery, UUIDField

from bailiwick.ground.statements import Read
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import (
    Authority,
    authority_of,
    codes_of,
    gives_authority,
    inactive_after,
    is_live,
    today,
    zone,
)
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.catalogue import Application, FreeAttribute, Role, Standing
from bailiwick.idm.rules.days import day_of, start_of
from bailiwick.idm.rules.grants import (
    APPROVING,
    GrantFacts,
    GrantState,
    certification_due,
    inactive_from,
    is_lapsed,
    state_of,
)
from bailiwick.idm.rules.modifying import shown
from bailiwick.idm.sessions.models import Session
from bailiwick.wire.claims import GrantClaim, OrganizationClaim


@dataclass(frozen=True)
class GrantLine:
    """A grant as pages show it. `application` and `role` are None where they left the catalogue since."""

    grant: Grant
    application: Application | None
    role: Role | None
    state: GrantState
    inactive_at: datetime
    sign_in_by: date  # the last day on which a sign-in to the application keeps it active (I-3)
    days_left: int
    certification_due: date
    last_sign_in_at: datetime | None

    @property
    def application_name(self) -> str:
        return self.application.name if self.application else self.grant.application

    @property
    def role_name(self) -> str:
        return self.role.name if self.role else self.grant.role


def _grants() -> QuerySet[Grant]:
    """Grants with all that a page or a rule reads of them, desk roles' sign-ins to IDM included (I-1)."""
    signed_in = Session.objects.filter(account=OuterRef("account_id"), authenticated_at__isnull=False)
    latest = Subquery(signed_in.order_by("-authenticated_at").values("authenticated_at")[:1])
    return Grant.objects.select_related("organization__record", "account__person").annotate(
        signed_in_at=latest
    )


def live_grants(account: Account, *, application: str | None = None, now: datetime) -> list[Grant]:
    """What the account holds, inactive grants too, oldest first."""
    rows = _grants().filter(is_live(now), account=account).order_by("started_at")
    return list(rows.filter(application=application) if application else rows)


def grant_with_id(identifier: UUID | str) -> Grant | None:
    try:
        key = identifier if isinstance(identifier, UUID) else UUID(str(identifier))
    except ValueError:
        return None
    return _grants().filter(pk=key).first()


def ended_grants(account: Account, *, application: str | None = None, now: datetime) -> list[Grant]:
    """What the account held once, the last ended first; ended by its date counts before a job recorded it (I-2)."""
    rows = _grants().filter(~is_live(now), account=account)
    found = rows.filter(application=application) if application else rows
    return sorted(found, key=ended_at, reverse=True)


def ended_at(grant: Grant) -> datetime:
    """When an ended grant ended: as recorded, else with its last day."""
    if grant.ended_at is not None or grant.ends_on is None:
        return grant.ended_at or grant.started_at
    return start_of(grant.ends_on + timedelta(days=1), zone())


def has_ended(grant: Grant, *, now: datetime) -> bool:
    """As recorded, or with its last day (I-2)."""
    return grant.ended_at is not None or is_lapsed(facts_of(grant, None), now, zone())


def grant_lines(account: Account, *, now: datetime) -> list[GrantLine]:
    """Manage My Roles (Q-7)."""
    return [line_of(grant, now=now) for grant in live_grants(account, now=now)]


def lines_of_people(accounts: Iterable[Account], *, now: datetime) -> dict[UUID, list[GrantLine]]:
    """The same of many people, by account id; one statement."""
    found: dict[UUID, list[GrantLine]] = {account.pk: [] for account in accounts}
    for grant in _grants().filter(is_live(now), account__in=list(found)).order_by("started_at"):
        found[grant.account_id].append(line_of(grant, now=now))
    return found


def people_of(organization: Organization, *, now: datetime) -> list[GrantLine]:
    """Everyone who holds a role at the organization, approvers first, then by name."""
    rows = _grants().filter(is_live(now), organization=organization)
    lines = [
        line_of(grant, now=now) for grant in rows.order_by("account__person__last_name", "account__user_id")
    ]
    return sorted(lines, key=lambda line: line.role is None or line.role.standing not in APPROVING)


def role_of(application: str, role: str) -> tuple[Application | None, Role | None]:
    """The catalogue's entries for stored codes; None for what has left it."""
    found = next((one for one in catalogue().applications if one.code == application), None)
    return found, next((one for one in found.roles if one.code == role), None) if found else None


def facts_of(grant: Grant, role: Role | None) -> GrantFacts:
    """The rule's view of a row that `_grants` read."""
    is_desk = role is not None and role.standing is Standing.DESK
    signed_in = [grant.last_sign_in_at, getattr(grant, "signed_in_at", None) if is_desk else None]
    return GrantFacts(
        started_at=grant.started_at,
        last_sign_in_at=max((one for one in signed_in if one), default=None),
        ends_on=grant.ends_on,
        ended_at=grant.ended_at,
        is_organization_closed=grant.organization is not None and grant.organization.is_closed,
    )


def line_of(grant: Grant, *, now: datetime) -> GrantLine:
    application, role = role_of(grant.application, grant.role)
    facts, after, place = facts_of(grant, role), inactive_after(application), zone()
    rests_at = inactive_from(facts, after, place)
    last_day = day_of(rests_at, place) - timedelta(days=1)
    every = settings.LIMITS.certification_every
    return GrantLine(
        grant=grant,
        application=application,
        role=role,
        state=state_of(facts, now=now, inactive_after=after, zone=place),
        inactive_at=rests_at,
        sign_in_by=last_day,
        days_left=max(0, (last_day - day_of(now, place)).days),
        certification_due=certification_due(
            facts.started_at,
            min(every, application.limits.certification_every) if application else every,
            place,
        ),
        last_sign_in_at=facts.last_sign_in_at,
    )


CLAIM_COLUMNS = (
    "id",
    "role",
    "started_at",
    "organization_id",
    "organization__record__legal_name",
    "organization__record__kind",
    "organization__record__submitter_id",
    "attributes",
)


def grants_for_claims(account: Account, application: str, *, now: datetime) -> list[GrantClaim]:
    """What the application hears (O-3): active grants in it alone. One statement; [] means no entry (O-2)."""
    described = catalogue().application(application)
    roles = {role.code: role for role in described.roles}
    rows = _read_for_claims(described, today(now), inactive_after(described))(account=account.pk)
    return [_claim(row, roles[row[1]], described.free_attributes(row[1])) for row in rows]


@lru_cache(maxsize=64)
def _read_for_claims(described: Application, day: datetime, _inactive_after: timedelta) -> Read:
    """Made once a day: what gives authority is asked by whole days (docs/rules.md, "Days")."""
    return Read(
        lambda account: (
            Grant.objects.filter(
                gives_authority(described, day),
                account=account,
                role__in=[role.code for role in described.roles],
            )
            .order_by("started_at", "id")
            .values_list(*CLAIM_COLUMNS)
        ),
        account=UUIDField(),
    )


def _claim(row: tuple, role: Role, free: tuple[FreeAttribute, ...]) -> GrantClaim:
    identifier, _, started_at, organization_id, legal_name, kind, submitter_id, attributes = row
    organization = (
        OrganizationClaim(str(organization_id), legal_name, kind, submitter_id) if organization_id else None
    )
    return GrantClaim(
        id=str(identifier),
        role=role.code,
        role_name=role.name,
        standing=role.standing.value,
        granted_at=started_at.astimezone(UTC).isoformat(),
        organization=organization,
        attributes=shown(attributes, free) if free else {},
    )


def organizations_approved_by(account: Account, *, now: datetime) -> list[Organization]:
    """The organizations whose people they may see and decide on (H-1), by name."""
    return organizations_within(authority_of(account, now=now))


def organizations_within(authority: Authority) -> list[Organization]:
    """The same of an authority that was read before; none costs no statement."""
    keys = {key for one in catalogue().applications for key in authority.organizations_approved(one.code)}
    if not keys:
        return []
    rows = Organization.objects.select_related("record").filter(pk__in=keys)
    return list(rows.order_by("record__legal_name_key"))


def is_approver_anywhere(account: Account, *, now: datetime) -> bool:
    authority = authority_of(account, now=now)
    return any(authority.organizations_approved(one.code) for one in catalogue().applications)


def may_see_organization(account: Account, organization: Organization, *, now: datetime) -> bool:
    """Its approvers, the desk of an application that has roles there, and IDM's desk (H-1, INV-14)."""
    authority = authority_of(account, now=now)
    if authority.identity_tier >= 1:
        return True
    return any(
        authority.approves(one.code, organization)
        or (authority.is_application_desk(one.code) and bool(codes_of(one, APPROVING)))
        for one in catalogue().applications
    )
