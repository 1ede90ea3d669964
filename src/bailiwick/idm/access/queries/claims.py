"""What an application hears of somebody's roles in it (O-3), and what it would hear once they signed in to it now (I-4)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, UUIDField

from bailiwick.ground.statements import Read
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import (
    is_open_place,
    is_within_its_days,
    spans_of,
    today,
    was_active,
    zone,
)
from bailiwick.idm.access.queries.grants import facts_in
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.catalogue import Application, FreeAttribute, Role
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import GrantFacts, GrantState, Spans, inactive_from, state_of
from bailiwick.idm.rules.modifying import shown
from bailiwick.idm.rules.reactivation import ComeBack, way_back
from bailiwick.idm.signin.queries import password_set_at
from bailiwick.wire.claims import GrantClaim, OrganizationClaim

COLUMNS = (
    "id",
    "role",
    "started_at",
    "restored_at",
    "certify_by",
    "ends_on",
    "last_sign_in_at",
    "account__last_signed_in_at",
    "organization_id",
    "organization__record__legal_name",
    "organization__record__kind",
    "organization__record__submitter_id",
    "attributes",
)


@dataclass(frozen=True)
class Held:
    """A role in one application that is not over, of an active account at an open organization: active, or it rests."""

    id: UUID
    state: GrantState
    facts: GrantFacts
    spans: Spans
    claim: GrantClaim

    def after_sign_in(self, now: datetime) -> "Held":
        """The same once its holder signed in to the application."""
        facts = replace(self.facts, last_sign_in_at=now)
        claim = replace(self.claim, sign_in_by=_sign_in_by(facts, self.spans), last_sign_in_at=_instant(now))
        return replace(self, state=GrantState.ACTIVE, facts=facts, claim=claim)


def grants_for_claims(account: Account, application: str, *, now: datetime) -> list[GrantClaim]:
    """What the application hears (O-3): active grants in it alone. One statement; [] means no entry (O-2)."""
    return [one.claim for one in held_in(account, application, now=now) if one.state is GrantState.ACTIVE]


def claims_on_entry(account: Account, application: str, *, now: datetime) -> list[GrantClaim]:
    """What it will hear if they sign in to it now: what rests and then wakes, too (I-4). One statement more where some rest."""
    held = held_in(account, application, now=now)
    entering = {one.id for one in held if one.state is GrantState.ACTIVE} | {
        one.id for one in woken_by_sign_in(account, held, now=now)
    }
    return [one.claim for one in held if one.id in entering]


def woken_by_sign_in(account: Account, held: Iterable[Held], *, now: datetime) -> list[Held]:
    """Those of them that rest, and for which a sign-in now is all that is missing (I-4)."""
    resting = [one for one in held if one.state is GrantState.INACTIVE]
    if not resting:
        return []
    set_at = password_set_at(account)
    ways = ((one, way_back(one.facts, set_at, now=now, spans=one.spans, zone=zone())) for one in resting)
    return [one for one, way in ways if way is not None and way.next is ComeBack.NEEDS_SIGN_IN]


def held_in(account: Account, application: str, *, now: datetime) -> list[Held]:
    """The account's roles in it that are not over, the oldest first. One statement."""
    described = catalogue().application(application)
    spans = spans_of(described)
    rows = _read(described, today(now), spans)(account=account.pk)
    return [_held(dict(zip(COLUMNS, row, strict=True)), described, spans, now) for row in rows]


@lru_cache(maxsize=64)
def _read(described: Application, day: datetime, spans: Spans) -> Read:
    """Made once a day: what is not over is asked by whole days (docs/rules.md, "Days")."""
    is_left = is_within_its_days(day) & was_active(spans.removed_after, [described], day)
    counts = Q(account__state=AccountState.ACTIVE) & is_open_place() & is_left
    roles = [role.code for role in described.roles]
    return Read(
        lambda account: (
            Grant.objects.filter(counts, account=account, application=described.code, role__in=roles)
            .order_by("started_at", "id")
            .values_list(*COLUMNS)
        ),
        account=UUIDField(),
    )


def _held(row: dict[str, Any], described: Application, spans: Spans, now: datetime) -> Held:
    role = described.role(row["role"])
    facts = facts_in(row, role)
    claim = _claim(row, role, described.free_attributes(role.code), _sign_in_by(facts, spans))
    return Held(row["id"], state_of(facts, now=now, spans=spans, zone=zone()), facts, spans, claim)


def _sign_in_by(facts: GrantFacts, spans: Spans) -> str:
    return (day_of(inactive_from(facts, spans, zone()), zone()) - timedelta(days=1)).isoformat()


def _claim(row: dict[str, Any], role: Role, free: tuple[FreeAttribute, ...], sign_in_by: str) -> GrantClaim:
    record = "organization__record__"
    organization = OrganizationClaim(
        id=str(row["organization_id"]),
        legal_name=row[f"{record}legal_name"],
        kind=row[f"{record}kind"],
        submitter_id=row[f"{record}submitter_id"],
    )
    return GrantClaim(
        id=str(row["id"]),
        role=role.code,
        role_name=role.name,
        standing=role.standing.value,
        granted_at=_instant(row["started_at"]),
        organization=organization if row["organization_id"] else None,
        attributes=shown(row["attributes"], free) if free else {},
        sign_in_by=sign_in_by,
        certify_by=row["certify_by"].isoformat(),
        last_sign_in_at=_instant(row["last_sign_in_at"]) if row["last_sign_in_at"] else "",
    )


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
