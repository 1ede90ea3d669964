"""Invitations: an approver asks somebody, by e-mail, to ask for a role (R-7). Pure.

An invitation prefills a role request and nothing more: whoever takes it up is proofed, asks, and is decided on like
everybody else. That it has run out is computed from `expires_at`, whether or not a job has recorded it (I-2).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.catalogue import OrganizationKind, Role, Standing
from bailiwick.idm.rules.grants import SignInStrength, contains
from bailiwick.idm.rules.limits import Limits


class State(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Event(StrEnum):
    RESEND = "resend"
    TAKE = "take"
    REVOKE = "revoke"
    EXPIRE = "expire"


STEPS: dict[State, dict[Event, State]] = {
    State.OPEN: {
        Event.RESEND: State.OPEN,
        Event.TAKE: State.TAKEN,
        Event.REVOKE: State.REVOKED,
        Event.EXPIRE: State.EXPIRED,
    },
    State.TAKEN: {},
    State.REVOKED: {},
    State.EXPIRED: {},
}


class Refusal(StrEnum):
    """`NOT_USABLE` is one word for every reason a link leads nowhere: the link of a stranger tells nothing."""

    NOT_AN_INVITER = "not_an_inviter"
    STRONGER_FACTOR_NEEDED = "invitation_needs_stronger_factor"
    ROLE_NOT_INVITABLE = "role_not_invitable"
    INVITED_ALREADY = "invited_already"
    TOO_MANY_INVITATIONS = "too_many_invitations"
    TOO_MANY_RESENDS = "too_many_resends"
    OVER = "invitation_over"
    NOT_USABLE = "invitation_not_usable"


AUTHORITY = frozenset({Refusal.NOT_AN_INVITER, Refusal.STRONGER_FACTOR_NEEDED})
"""The refusals that go on the ledger: somebody reached for what is not theirs (L-2)."""


@dataclass(frozen=True)
class Inviter:
    """`standings`: of their live, active approving roles at the one organization, in the one application."""

    strength: SignInStrength
    standings: frozenset[Standing]
    is_account_active: bool


@dataclass(frozen=True)
class InvitationFacts:
    state: State
    expires_at: datetime
    resends: int
    is_organization_closed: bool
    is_role_known: bool


def state_of(facts: InvitationFacts, *, now: datetime) -> State:
    """What the invitation is at `now`: an open one is over from `expires_at` on. [R-7, I-2]"""
    is_over = facts.state is State.OPEN and now >= facts.expires_at
    return State.EXPIRED if is_over else facts.state


def may_manage(inviter: Inviter) -> Yes | No:
    """Seeing and revoking an organization's invitations: its able approvers and backups alone. [R-7, I-4]"""
    is_able = inviter.is_account_active and bool(inviter.standings)
    return Yes("approver") if is_able else No(Refusal.NOT_AN_INVITER)


def is_invitable(held: Standing, role: Role, kind: OrganizationKind) -> bool:
    """A role that the inviter's own contains and that fits the kind of their organization. [R-7, Q-2, Q-3]"""
    fits = role.needs_organization and role.organization_kind in (None, kind)
    return fits and contains(held, role.standing)


def may_invite(inviter: Inviter, role: Role, kind: OrganizationKind) -> Yes | No:
    """Sending mail in an organization's name wants more than a code by e-mail, as deciding does. [R-7, S-2]"""
    ruling = may_manage(inviter)
    if not ruling:
        return ruling
    if not inviter.strength.may_decide:
        return No(Refusal.STRONGER_FACTOR_NEEDED)
    may = any(is_invitable(held, role, kind) for held in inviter.standings)
    return Yes("approver") if may else No(Refusal.ROLE_NOT_INVITABLE, {"role_name": role.name})


def may_resend(facts: InvitationFacts, *, now: datetime, limits: Limits) -> Yes | No:
    """A new link for the same invitation, five times. [R-7]"""
    if state_of(facts, now=now) is not State.OPEN:
        return No(Refusal.OVER)
    if facts.resends >= limits.invitation_resends:
        return No(Refusal.TOO_MANY_RESENDS, {"times": limits.invitation_resends})
    return Yes()


def may_take(facts: InvitationFacts | None, *, now: datetime) -> Yes | No:
    """Once, within its fourteen days, while the organization is open and the role exists. [R-7, AX08]"""
    if facts is None or facts.is_organization_closed or not facts.is_role_known:
        return No(Refusal.NOT_USABLE)
    return Yes() if state_of(facts, now=now) is State.OPEN else No(Refusal.NOT_USABLE)
