"""What a decision on a request looks at, read for many requests in as many statements as for one (SR-16, Q-10)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bailiwick.idm.access.models import OPEN, Grant, RoleRequest
from bailiwick.idm.access.queries.asking import asking_of
from bailiwick.idm.access.queries.authority import able_approvers, authority_of, is_active
from bailiwick.idm.access.queries.grants import has_ended, role_of
from bailiwick.idm.access.queries.requests import decider_of, requests
from bailiwick.idm.access.queries.review import Review, review
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.proofing.queries import proofed_among
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.catalogue import Role
from bailiwick.idm.rules.grants import APPROVING, SignInStrength
from bailiwick.idm.rules.requests import Asking, DeciderFacts

Place = tuple[UUID, str, UUID | None]
"""An account, an application, and a record, or None for a role without an organization."""


@dataclass(frozen=True)
class Weighed:
    """One request, and all that decides about it at one instant.

    `role` and `asking` are None where the role has left the catalogue. `is_alone`: the role contains no other, the person
    holds nothing and asks for nothing else in that place, and it exists: an approval changes nothing but this.
    """

    request: RoleRequest
    role: Role | None
    decider: DeciderFacts
    asking: Asking | None
    picture: Review
    is_alone: bool


def weigh(
    keys: Iterable[UUID], decider: Account, *, strength: SignInStrength, now: datetime
) -> dict[UUID, Weighed]:
    """By the request's key. Inside a decision it is read under the locks; for a page, as it is now."""
    rows = list(requests().filter(pk__in=list(keys)))
    places = _places_of(rows, now)
    authority, is_decider_active = authority_of(decider, now=now), is_active(decider)
    return {
        row.pk: Weighed(
            request=row,
            role=role_of(row.application, row.role)[1],
            decider=decider_of(
                row,
                decider,
                strength=strength,
                authority=authority,
                is_account_active=is_decider_active,
                has_able_approver=places.has_able_approver(row),
            ),
            asking=places.asking(row, now),
            picture=review(row, is_proofed=row.account_id in places.proofed),
            is_alone=places.is_alone(row),
        )
        for row in rows
    }


@dataclass(frozen=True)
class _Places:
    """What the requesters hold and ask for around their requests, and who could decide there."""

    able: frozenset[tuple[str, UUID, UUID]]
    held: dict[Place, list[Grant]]
    open: dict[Place, int]
    claimed: frozenset[UUID]
    proofed: frozenset[UUID]

    def has_able_approver(self, row: RoleRequest) -> bool:
        return any(
            (application, organization) == (row.application, row.organization_id) and who != row.account_id
            for application, organization, who in self.able
        )

    def asking(self, row: RoleRequest, now: datetime) -> Asking | None:
        _, role = role_of(row.application, row.role)
        if role is None:
            return None
        held = [grant for grant in self.held.get(_place(row), []) if not has_ended(grant, now=now)]
        return asking_of(
            role,
            way=row.way,
            record=row.record,
            organization_exists=row.record_id in self.claimed,
            is_account_active=row.account.state == AccountState.ACTIVE,
            is_proofed=row.account_id in self.proofed,
            held=[found for one in held if (found := role_of(one.application, one.role)[1])],
        )

    def is_alone(self, row: RoleRequest) -> bool:
        _, role = role_of(row.application, row.role)
        if role is None or role.standing in APPROVING:
            return False  # replaces what it contains, and whom it succeeds (Q-2, G-8)
        exists = row.record_id is None or (row.organization_id is not None and row.record_id in self.claimed)
        return exists and self.open.get(_place(row), 0) <= 1 and not self.held.get(_place(row))


def _place(row: RoleRequest) -> Place:
    return row.account_id, row.application, row.record_id


def _places_of(rows: list[RoleRequest], now: datetime) -> _Places:
    accounts = {row.account_id: row.account for row in rows}
    records = {row.record_id for row in rows if row.record_id}
    held: dict[Place, list[Grant]] = {}
    grants = Grant.objects.select_related("organization__record")
    for grant in grants.filter(account__in=accounts, ended_at__isnull=True):
        place = grant.organization.record_id if grant.organization else None
        held.setdefault((grant.account_id, grant.application, place), []).append(grant)
    waiting: dict[Place, int] = {}
    for place in RoleRequest.objects.filter(account__in=accounts, state=OPEN).values_list(
        "account_id", "application", "record_id"
    ):
        waiting[place] = waiting.get(place, 0) + 1
    return _Places(
        able=able_around(rows, now),
        held=held,
        open=waiting,
        claimed=frozenset(
            Organization.objects.filter(record__in=records).values_list("record_id", flat=True)
        ),
        proofed=frozenset(proofed_among(accounts.values())),
    )


def able_around(rows: Collection[RoleRequest | Grant], now: datetime) -> frozenset[tuple[str, UUID, UUID]]:
    """Who can decide for the organizations of these requests or roles: (application, organization, account)."""
    found: set[tuple[str, UUID, UUID]] = set()
    for application in catalogue().applications:
        places = {row.organization_id for row in rows if row.application == application.code}
        if places - {None}:
            able = able_approvers(application, now=now).filter(organization__in=places)
            found.update(able.values_list("application", "organization_id", "account_id"))
    return frozenset(found)
