"""Role requests: their states, who may ask for what (Q-1 to Q-3, G-2 to G-4), and who may decide (Q-4 to Q-6). Pure."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.asking import Way
from bailiwick.idm.rules.catalogue import Decider, OrganizationKind, Role, Standing
from bailiwick.idm.rules.grants import SignInStrength, contains

__all__ = [
    "Asking",
    "DeciderFacts",
    "Event",
    "Refusal",
    "State",
    "Way",
    "after",
    "digest_of",
    "may_ask",
    "may_decide",
]

REASON_LONGEST = 500
APPROVER = "approver"
"""The ground of deciding that is not a desk's."""


class State(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Event(StrEnum):
    APPROVE = "approve"
    DENY = "deny"
    CANCEL = "cancel"
    EXPIRE = "expire"


STEPS: dict[State, dict[Event, State]] = {
    State.PENDING: {
        Event.APPROVE: State.APPROVED,
        Event.DENY: State.DENIED,
        Event.CANCEL: State.CANCELLED,
        Event.EXPIRE: State.EXPIRED,
    },
    State.APPROVED: {},
    State.DENIED: {},
    State.CANCELLED: {},
    State.EXPIRED: {},
}


class Refusal(StrEnum):
    ROLE_UNKNOWN = "role_unknown"
    WAY_NOT_FITTING = "way_not_fitting"
    KIND_NOT_FITTING = "kind_not_fitting"
    ORGANIZATION_NEEDED = "organization_needed"
    ORGANIZATION_NOT_FOUND = "organization_not_found"
    ORGANIZATION_CLOSED = "organization_closed"
    ROLE_HELD = "role_held"
    ROLE_CONTAINED = "role_contained"
    REQUEST_OPEN = "request_open"
    REASON_NEEDED = "request_reason_needed"
    REASON_TOO_LONG = "request_reason_too_long"
    PROOFING_NEEDED = "proofing_needed"
    ACCOUNT_NOT_ACTIVE = "account_not_active"
    NOT_A_DECIDER = "not_a_decider"
    OWN_REQUEST = "own_request"
    STRONGER_FACTOR_NEEDED = "decision_needs_stronger_factor"
    ALREADY_DECIDED = "already_decided"
    CHANGED_SINCE_SEEN = "changed_since_seen"
    DENIAL_REASON_NEEDED = "denial_reason_needed"
    DUPLICATE_REASON_NEEDED = "duplicate_reason_needed"
    REQUEST_EXPIRED = "request_expired"
    REQUEST_CLOSED = "request_closed"
    NOT_YOURS = "request_not_yours"


AUTHORITY = frozenset(
    {Refusal.NOT_A_DECIDER, Refusal.OWN_REQUEST, Refusal.STRONGER_FACTOR_NEEDED, Refusal.NOT_YOURS}
)
"""The refusals that go on the ledger: somebody reached for what is not theirs (L-2)."""


def after(state: State, event: Event) -> State:
    """The state that follows. Raises KeyError for a step the table does not have."""
    return STEPS[state][event]


def ways_for(role: Role) -> tuple[Way, ...]:
    """How a role may name its organization (G-4): only an approver creates, end users only search and pick."""
    if not role.needs_organization:
        return (Way.NONE,)
    return {
        Standing.APPROVER: (Way.CREATE, Way.ASSOCIATE),
        Standing.BACKUP: (Way.ASSOCIATE,),
        Standing.END_USER: (Way.PICK,),
        Standing.DESK: (Way.PICK,),
    }[role.standing]


@dataclass(frozen=True)
class Asking:
    """Who asks for which role, where; `held` are the standings of their live grants in this application there."""

    role: Role
    way: Way
    organization_kind: OrganizationKind | None = None
    is_organization_closed: bool = False
    organization_exists: bool = False
    is_account_active: bool = True
    is_proofed: bool = False
    held_roles: frozenset[str] = frozenset()
    held_standings: frozenset[Standing] = frozenset()


def may_ask(asking: Asking) -> Yes | No:
    """Whether the request may be made, and later approved: the same rule at both ends (Q-2, Q-3, G-4, V-1)."""
    for objection in (_account_objection, _organization_objection, _held_objection, _proofing_objection):
        because = objection(asking)
        if because is not None:
            return No(because)
    return Yes("open_to_all")


def _account_objection(asking: Asking) -> Refusal | None:
    return None if asking.is_account_active else Refusal.ACCOUNT_NOT_ACTIVE


def _organization_objection(asking: Asking) -> Refusal | None:
    if asking.way not in ways_for(asking.role):
        return Refusal.WAY_NOT_FITTING
    if not asking.role.needs_organization:
        return None
    if asking.organization_kind is None:
        return Refusal.ORGANIZATION_NEEDED
    if asking.way is not Way.CREATE and not asking.organization_exists:
        return Refusal.ORGANIZATION_NOT_FOUND
    if asking.is_organization_closed:
        return Refusal.ORGANIZATION_CLOSED
    fits = asking.role.organization_kind in (None, asking.organization_kind)
    return None if fits else Refusal.KIND_NOT_FITTING


def _held_objection(asking: Asking) -> Refusal | None:
    if asking.role.code in asking.held_roles:
        return Refusal.ROLE_HELD
    if any(contains(held, asking.role.standing) for held in asking.held_standings):
        return Refusal.ROLE_CONTAINED
    return None


def _proofing_objection(asking: Asking) -> Refusal | None:
    return Refusal.PROOFING_NEEDED if asking.role.needs_proofing and not asking.is_proofed else None


@dataclass(frozen=True)
class DeciderFacts:
    """What the decider is to this request at the instant of deciding, read under locks (SR-16)."""

    decided_by: Decider
    is_requester: bool
    is_account_active: bool
    strength: SignInStrength
    is_able_approver: bool = False
    has_able_approver: bool = False
    is_application_desk: bool = False
    is_security_desk: bool = False


def is_entitled(facts: DeciderFacts) -> Yes | No:
    """Who decides (Q-4, G-7, H-7), whatever the strength of their session. Nobody on themselves (Q-5)."""
    if facts.is_requester:
        return No(Refusal.OWN_REQUEST)
    if not facts.is_account_active:
        return No(Refusal.NOT_A_DECIDER)
    ground = _ground_for_deciding(facts)
    return Yes(ground) if ground else No(Refusal.NOT_A_DECIDER)


def may_decide(facts: DeciderFacts) -> Yes | No:
    """`is_entitled`, signed in with a factor other than e-mail; from a desk, with its passkey (S-2)."""
    ruling = is_entitled(facts)
    if isinstance(ruling, No):
        return ruling
    strength = facts.strength
    is_strong = strength.may_decide if ruling.ground == APPROVER else strength.may_work_at_desk
    return ruling if is_strong else No(Refusal.STRONGER_FACTOR_NEEDED)


def _ground_for_deciding(facts: DeciderFacts) -> str:
    if facts.decided_by is Decider.APPROVERS:
        if facts.is_able_approver:
            return APPROVER
        return (
            "desk_for_want_of_approver" if facts.is_application_desk and not facts.has_able_approver else ""
        )
    if facts.decided_by is Decider.APPLICATION_DESK:
        return "application_desk" if facts.is_application_desk else ""
    return "security_desk" if facts.is_security_desk else ""


def may_cancel(
    *, is_owner: bool, identity_tier: int, is_account_active: bool, strength: SignInStrength
) -> Yes | No:
    """The owner, or IDM's desk from tier 1 (Q-6, H-2)."""
    if is_owner and is_account_active:
        return Yes("owner")
    if identity_tier < 1 or not is_account_active:
        return No(Refusal.NOT_YOURS)
    return Yes("identity_desk") if strength.may_work_at_desk else No(Refusal.STRONGER_FACTOR_NEEDED)


def digest_of(snapshot: dict[str, Any]) -> str:
    """SHA-256 of the snapshot's canonical JSON, 64 hexadecimal digits: what the decider saw (Q-6)."""
    canonical = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
