"""Correction requests: what a holder may ask to have corrected, and how many of tier 3 decide it (A-7, H-5). Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules import duplicates
from bailiwick.idm.rules.duplicates import Decider
from bailiwick.idm.rules.limits import Limits


class Kind(StrEnum):
    """What is to be corrected. The entries are stored."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    SSN = "ssn"


BY_TWO = frozenset({Kind.BIRTH_DATE, Kind.SSN})
"""These two are corrected by two people (H-5)."""


class State(StrEnum):
    """`agreed`: the first of two has approved."""

    PENDING = "pending"
    AGREED = "agreed"
    APPROVED = "approved"
    DENIED = "denied"
    CANCELED = "canceled"


class Event(StrEnum):
    AGREE = "agree"
    APPROVE = "approve"
    DENY = "deny"
    CANCEL = "cancel"


STEPS: dict[State, dict[Event, State]] = {
    State.PENDING: {
        Event.AGREE: State.AGREED,
        Event.APPROVE: State.APPROVED,
        Event.DENY: State.DENIED,
        Event.CANCEL: State.CANCELED,
    },
    State.AGREED: {
        Event.APPROVE: State.APPROVED,
        Event.DENY: State.DENIED,
        Event.CANCEL: State.CANCELED,
    },
    State.APPROVED: {},
    State.DENIED: {},
    State.CANCELED: {},
}
WAITING = frozenset({State.PENDING, State.AGREED})


class Refusal(StrEnum):
    CORRECTION_WAITS = "correction_waits"
    NOTHING_TO_CORRECT = "correction_changes_nothing"
    DOCUMENT_MISSING = "correction_document_missing"
    REASON_MISSING = "correction_reason_missing"
    CORRECT_IN_PLACE = "correction_in_place"
    SSN_NOT_FREE = "correction_ssn_not_free"
    ACCOUNT_NOT_ACTIVE = "correction_account_not_active"
    CORRECTION_DECIDED = "correction_decided"
    CORRECTION_OVERTAKEN = "correction_overtaken"
    NOT_YOURS = "correction_not_yours"


@dataclass(frozen=True)
class Asking:
    """What speaks for and against a new correction request."""

    is_proven: bool
    corrections: int
    is_waiting: bool
    is_change: bool
    has_document: bool
    has_reason: bool


def may_ask(asking: Asking, limits: Limits) -> Yes | No:
    """After the first proofing, or when the three corrections in place are used up; with reason and document. [A-7]"""
    objections = (
        (
            not asking.is_proven and asking.corrections < limits.corrections_before_proofing,
            Refusal.CORRECT_IN_PLACE,
        ),
        (asking.is_waiting, Refusal.CORRECTION_WAITS),
        (not asking.is_change, Refusal.NOTHING_TO_CORRECT),
        (not asking.has_reason, Refusal.REASON_MISSING),
        (not asking.has_document, Refusal.DOCUMENT_MISSING),
    )
    return next((No(because) for speaks, because in objections if speaks), Yes())


def event_of(kind: Kind, state: State, *, approve: bool) -> Event:
    """What a decision does: the first of two agrees, the last approves. [A-7, H-5]"""
    if not approve:
        return Event.DENY
    return Event.AGREE if kind in BY_TWO and state is State.PENDING else Event.APPROVE


def may_decide(decider: Decider, state: State, *, now: datetime, limits: Limits) -> Yes | No:
    """Tier 3 as for a case; whoever agreed first does not decide again. [A-7, H-5]"""
    return duplicates.may_decide(decider, now=now, limits=limits, as_second=state is State.AGREED)
