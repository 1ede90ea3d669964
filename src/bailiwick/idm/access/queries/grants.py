"""Reading grants: what people hold, what an application hears of it (O-3), and who may take it away (Q-8)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bailiwick.ground.program.walls import beyond
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import (
    Authority,
    authority_of,
    codes_of,
    is_live,
    spans_of,
    zone,
)
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.catalogue import Application, Role, Standing
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import (
    APPROVING,
    EndReason,
    GrantFacts,
    GrantState,
    inactive_from,
    last_activity,
    over_from,
    state_of,
)


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
    counted_from: date  # the day of the activity that it counts from
    certification_due: date
    last_sign_in_at: datetime | None

    @property
    def application_name(self) -> str:
        return self.application.name if self.application else self.grant.application

    @property
    def role_name(self) -> str:
        return self.role.name if self.role else self.grant.role


def with_activity() -> QuerySet[Grant]:
    """Grants with all that a page or a rule reads of them."""
    return Grant.objects.select_related("organization__record", "account__person")


def live_grants(account: Account, *, application: str | None = None, now: datetime) -> list[Grant]:
    """What the account holds, inactive grants too, oldest first."""
    rows = with_activity().filter(is_live(now), account=account).order_by("started_at")
    return list(rows.filter(application=application) if application else rows)


def grant_with_id(identifier: UUID | str) -> Grant | None:
    try:
        key = identifier if isinstance(identifier, UUID) else UUID(str(identifier))
    except ValueError:
        return None
    return with_activity().filter(pk=key).first()


@beyond()
def grants_reached_for(keys: Collection[UUID]) -> list[Grant]:
    """The roles of these ids, whosever they are: to write down who reached for them (L-2), never to be shown."""
    return list(with_activity().filter(pk__in=keys)) if keys else []


def ended_grants(account: Account, *, application: str | None = None, now: datetime) -> list[Grant]:
    """What the account held once, the last ended first; ended by its date counts before a job recorded it (I-2)."""
    rows = with_activity().filter(~is_live(now), account=account)
    found = rows.filter(application=application) if application else rows
    return sorted(found, key=ended_at, reverse=True)


def ended_at(grant: Grant) -> datetime:
    """When an ended grant ended: as recorded, else by itself."""
    return grant.ended_at or ends_by_itself(grant)[0]


def ends_by_itself(grant: Grant) -> tuple[datetime, EndReason]:
    """When the grant ends where nobody does anything, and why (I-2)."""
    application, role = role_of(grant.application, grant.role)
    return over_from(facts_of(grant, role), spans_of(application), zone())


def why_it_ended(grant: Grant) -> str:
    """A code of `rules.grants.EndReason`: as recorded, else by itself."""
    return grant.end_reason or ends_by_itself(grant)[1]


def has_ended(grant: Grant, *, now: datetime) -> bool:
    """As recorded, or by itself (I-2)."""
    return grant.ended_at is not None or now >= ends_by_itself(grant)[0]


def grant_lines(account: Account, *, now: datetime) -> list[GrantLine]:
    """Manage My Roles (Q-7)."""
    return [line_of(grant, now=now) for grant in live_grants(account, now=now)]


def lines_of_people(accounts: Iterable[Account], *, now: datetime) -> dict[UUID, list[GrantLine]]:
    """The same of many people, by account id; one statement."""
    found: dict[UUID, list[GrantLine]] = {account.pk: [] for account in accounts}
    for grant in with_activity().filter(is_live(now), account__in=list(found)).order_by("started_at"):
        found[grant.account_id].append(line_of(grant, now=now))
    return found


def people_of(organization: Organization, *, now: datetime) -> list[GrantLine]:
    """Everyone who holds a role at the organization, approvers first, then by name."""
    rows = with_activity().filter(is_live(now), organization=organization)
    lines = [
        line_of(grant, now=now) for grant in rows.order_by("account__person__last_name", "account__user_id")
    ]
    return sorted(lines, key=lambda line: line.role is None or line.role.standing not in APPROVING)


def role_of(application: str, role: str) -> tuple[Application | None, Role | None]:
    """The catalogue's entries for stored codes; None for what has left it."""
    found = next((one for one in catalogue().applications if one.code == application), None)
    return found, next((one for one in found.roles if one.code == role), None) if found else None


def facts_in(row: Mapping[str, Any], role: Role | None) -> GrantFacts:
    """The rule's view of the columns that it takes of a live grant, where thousands are asked for at once."""
    return GrantFacts(
        started_at=row["started_at"],
        certify_by=row["certify_by"],
        last_sign_in_at=_last_use(row["last_sign_in_at"], row["account__last_signed_in_at"], role),
        restored_at=row["restored_at"],
        ends_on=row["ends_on"],
    )


def _last_use(there: datetime | None, in_idm: datetime | None, role: Role | None) -> datetime | None:
    """Desk roles are used in IDM, so sign-ins to IDM count for them (I-1)."""
    is_desk = role is not None and role.standing is Standing.DESK
    return max((at for at in (there, in_idm if is_desk else None) if at), default=None)


def facts_of(grant: Grant, role: Role | None) -> GrantFacts:
    """The rule's view of a row."""
    return GrantFacts(
        started_at=grant.started_at,
        certify_by=grant.certify_by,
        last_sign_in_at=_last_use(grant.last_sign_in_at, grant.account.last_signed_in_at, role),
        restored_at=grant.restored_at,
        ends_on=grant.ends_on,
        ended_at=grant.ended_at,
        is_organization_closed=grant.organization is not None and grant.organization.is_closed,
    )


def line_of(grant: Grant, *, now: datetime) -> GrantLine:
    application, role = role_of(grant.application, grant.role)
    facts, spans, place = facts_of(grant, role), spans_of(application), zone()
    rests_at = inactive_from(facts, spans, place)
    last_day = day_of(rests_at, place) - timedelta(days=1)
    return GrantLine(
        grant=grant,
        application=application,
        role=role,
        state=state_of(facts, now=now, spans=spans, zone=place),
        inactive_at=rests_at,
        sign_in_by=last_day,
        days_left=max(0, (last_day - day_of(now, place)).days),
        counted_from=day_of(last_activity(facts), place),
        certification_due=grant.certify_by,
        last_sign_in_at=facts.last_sign_in_at,
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
