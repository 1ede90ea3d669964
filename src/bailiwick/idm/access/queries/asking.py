"""What a person may ask for: the facts that `rules.requests.may_ask` takes (Q-2, Q-3, G-4, V-1)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.access.models import OPEN, Grant, RoleRequest
from bailiwick.idm.access.queries.authority import is_active, is_live
from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.access.queries.requests import open_request
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.proofing.queries import is_proofed
from bailiwick.idm.rules.catalogue import OrganizationKind, Role
from bailiwick.idm.rules.requests import Asking, Refusal, Way, may_ask


def asking_facts(
    account: Account,
    *,
    application: str,
    role: Role,
    way: Way,
    record: EnrollmentRecord | None,
    now: datetime,
) -> Asking:
    """Read now; an approval reads the same facts again under its locks."""
    held = held_roles(account, application=application, record_id=record.pk if record else None, now=now)
    return asking_of(
        role,
        way=way,
        record=record,
        organization_exists=record is not None and Organization.objects.filter(record=record).exists(),
        is_account_active=is_active(account),
        is_proofed=not role.needs_proofing or is_proofed(account),
        held=held,
    )


def asking_of(
    role: Role,
    *,
    way: Way | str,
    record: EnrollmentRecord | None,
    organization_exists: bool,
    is_account_active: bool,
    is_proofed: bool,
    held: Iterable[Role],
) -> Asking:
    """The same from what was read already. `held`: the roles that the person holds there."""
    held = list(held)
    return Asking(
        role=role,
        way=Way(way),
        organization_kind=OrganizationKind(record.kind) if record else None,
        is_organization_closed=record is not None and record.is_closed,
        organization_exists=organization_exists,
        is_account_active=is_account_active,
        is_proofed=is_proofed,
        held_roles=frozenset(one.code for one in held),
        held_standings=frozenset(one.standing for one in held),
    )


def held_roles(account: Account, *, application: str, record_id: UUID | None, now: datetime) -> list[Role]:
    """The roles of the account's live grants in one place, resting ones too: who holds a role need not ask for it."""
    rows = Grant.objects.filter(is_live(now), account=account, application=application)
    rows = (
        rows.filter(organization__record_id=record_id)
        if record_id
        else rows.filter(organization__isnull=True)
    )
    found = (role_of(application, code)[1] for code in rows.values_list("role", flat=True))
    return [role for role in found if role is not None]


def may_request(
    account: Account,
    *,
    application: str,
    role: str,
    way: Way | str,
    record: EnrollmentRecord | None = None,
    now: datetime,
) -> Yes | No:
    """Whether they may ask, before they type a reason. No(REQUEST_OPEN, number) where one like it waits (Q-5)."""
    _, described = role_of(application, role)
    if described is None or way not in list(Way):
        return No(Refusal.ROLE_UNKNOWN)
    facts = asking_facts(
        account, application=application, role=described, way=Way(way), record=record, now=now
    )
    ruling = may_ask(facts)
    waiting = open_request(
        account, application=application, role=role, record_id=record.pk if record else None, now=now
    )
    if ruling and waiting is not None:
        return No(Refusal.REQUEST_OPEN, {"number": waiting.number})
    return ruling


def offered_roles(account: Account, application: str, *, now: datetime) -> list[tuple[Role, Yes | No]]:
    """Every role of the application, and whether asking for it can lead anywhere now.

    A role at an organization is open to all: what fits is known when the organization is. Proofing is a step of the
    journey, not an obstacle to it.
    """
    held = {role.code for role in held_roles(account, application=application, record_id=None, now=now)}
    waiting = dict(
        RoleRequest.objects.filter(
            account=account, application=application, record=None, state=OPEN, expires_at__gt=now
        ).values_list("role", "number")
    )
    return [
        (role, Yes("open_to_all") if role.needs_organization else _offer(role, held, waiting))
        for role in catalogue().application(application).roles
    ]


def _offer(role: Role, held: set[str], waiting: dict[str, str]) -> Yes | No:
    """For a role without an organization: there is one of it at most."""
    if role.code in held:
        return No(Refusal.ROLE_HELD, {"role_name": role.name})
    if role.code in waiting:
        return No(Refusal.REQUEST_OPEN, {"number": waiting[role.code]})
    return Yes("open_to_all")
