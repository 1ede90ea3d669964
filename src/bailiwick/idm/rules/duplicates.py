"""Duplicate cases and merges: what tier 3 may do with two accounts that may be one person's (A-5, H-5). Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.desk import Presence
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.sessions import is_fresh


class CaseState(StrEnum):
    """`proposed`: one of tier 3 says that both are the same person; a second has to agree (H-5)."""

    OPEN = "open"
    PROPOSED = "proposed"
    DIFFERENT = "different"
    SAME = "same"


class CaseEvent(StrEnum):
    FIND_DIFFERENT = "find_different"
    PROPOSE = "propose"
    REJECT = "reject"
    MERGE = "merge"
    UNDO = "undo"


CASE_STEPS: dict[CaseState, dict[CaseEvent, CaseState]] = {
    CaseState.OPEN: {
        CaseEvent.FIND_DIFFERENT: CaseState.DIFFERENT,
        CaseEvent.PROPOSE: CaseState.PROPOSED,
    },
    CaseState.PROPOSED: {CaseEvent.REJECT: CaseState.OPEN, CaseEvent.MERGE: CaseState.SAME},
    CaseState.SAME: {CaseEvent.UNDO: CaseState.OPEN},
    CaseState.DIFFERENT: {},
}
WAITING = frozenset({CaseState.OPEN, CaseState.PROPOSED})


class MergeState(StrEnum):
    """A merge that was carried out can be undone for 30 days, which is computed (I-2)."""

    PROPOSED = "proposed"
    REJECTED = "rejected"
    DONE = "done"
    UNDONE = "undone"


class MergeEvent(StrEnum):
    AGREE = "agree"
    REJECT = "reject"
    UNDO = "undo"


MERGE_STEPS: dict[MergeState, dict[MergeEvent, MergeState]] = {
    MergeState.PROPOSED: {MergeEvent.AGREE: MergeState.DONE, MergeEvent.REJECT: MergeState.REJECTED},
    MergeState.DONE: {MergeEvent.UNDO: MergeState.UNDONE},
    MergeState.REJECTED: {},
    MergeState.UNDONE: {},
}


class Refusal(StrEnum):
    NOT_SECURITY_DESK = "registry_not_security_desk"
    OWN_CASE = "registry_own_case"
    STRONGER_FACTOR_NEEDED = "registry_needs_stronger_factor"
    NOT_FRESH = "registry_needs_fresh_factor"
    SAME_DECIDER = "registry_same_decider"
    ALREADY_DECIDED = "registry_already_decided"
    REASON_TOO_SHORT = "registry_reason_too_short"
    SURVIVOR_NOT_OF_CASE = "registry_survivor_not_of_case"
    SURVIVOR_UNPROVEN = "registry_survivor_unproven"
    OTHER_NOT_ACTIVE = "registry_other_not_active"
    ACCOUNT_GONE = "registry_account_gone"
    UNDO_TOO_LATE = "registry_undo_too_late"
    UNDO_LATER_FIRST = "registry_undo_later_first"
    UNDO_SURVIVOR_CLOSED = "registry_undo_survivor_closed"


AUTHORITY = frozenset(
    {
        Refusal.NOT_SECURITY_DESK,
        Refusal.OWN_CASE,
        Refusal.STRONGER_FACTOR_NEEDED,
        Refusal.NOT_FRESH,
        Refusal.SAME_DECIDER,
    }
)
"""The refusals that go on the ledger: somebody reached for what is not theirs (L-2)."""


@dataclass(frozen=True)
class Decider:
    """Who decides, as they are at that instant. `is_concerned`: it is about themselves (Q-5)."""

    is_security_desk: bool
    is_concerned: bool
    presence: Presence
    was_first: bool = False


@dataclass(frozen=True)
class Side:
    """One of two accounts, as a merge looks at it."""

    is_active: bool
    is_frozen: bool
    is_merged: bool
    is_discarded: bool
    is_proven: bool


def may_decide(decider: Decider, *, now: datetime, limits: Limits, as_second: bool = False) -> Yes | No:
    """Tier 3, never about oneself, strongly and lately verified; the second of two is another person. [A-5, H-5, Q-5]"""
    objections = (
        (not decider.is_security_desk, Refusal.NOT_SECURITY_DESK),
        (decider.is_concerned, Refusal.OWN_CASE),
        (not decider.presence.strength.may_work_at_desk, Refusal.STRONGER_FACTOR_NEEDED),
        (
            not is_fresh(decider.presence.factor_at, within=limits.step_up_desk, now=now),
            Refusal.NOT_FRESH,
        ),
        (as_second and decider.was_first, Refusal.SAME_DECIDER),
    )
    return next((No(because) for speaks, because in objections if speaks), Yes("tier 3"))


def may_merge(survivor: Side, other: Side) -> Yes | No:
    """Whether `other` can end in `survivor`: no proofed number and no staff's or holder's stop may get lost. [A-5]"""
    if survivor.is_merged or survivor.is_discarded or other.is_merged or other.is_discarded:
        return No(Refusal.ACCOUNT_GONE)
    if other.is_proven and not survivor.is_proven:
        return No(Refusal.SURVIVOR_UNPROVEN)
    # A suspended, archived or frozen account cannot be left by merging it into one that is open.
    if not other.is_active or other.is_frozen:
        return No(Refusal.OTHER_NOT_ACTIVE)
    return Yes()


def may_undo(merged_at: datetime, survivor: Side, *, now: datetime, limits: Limits) -> Yes | No:
    """Within 30 days, and the later merge first. [A-5]"""
    if now - merged_at >= limits.merge_undone:
        return No(Refusal.UNDO_TOO_LATE, {"days": limits.merge_undone.days})
    if survivor.is_merged:
        return No(Refusal.UNDO_LATER_FIRST)
    # Whoever was suspended, archived or frozen meanwhile does not come back by the account that they had before.
    is_open = survivor.is_active and not survivor.is_frozen
    return Yes() if is_open else No(Refusal.UNDO_SURVIVOR_CLOSED)
