"""The life of a case, one filled-in form: which act leads where, who may do it, and when time ends it (F-7). Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.spot.rules.limits import Limits


class State(StrEnum):
    DRAFT = "draft"
    AWAITING_SIGNATURE = "awaiting_signature"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    APPROVED = "approved"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Event(StrEnum):
    SAVE = "save"
    ASK = "ask"
    SIGN = "sign"
    TAKE = "take"
    HAND_OVER = "hand_over"
    RETURN = "return"
    APPROVE = "approve"
    DENY = "deny"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


STEPS: dict[State, dict[Event, State]] = {
    State.DRAFT: {
        Event.SAVE: State.DRAFT,
        Event.ASK: State.AWAITING_SIGNATURE,
        Event.WITHDRAW: State.WITHDRAWN,
        Event.EXPIRE: State.EXPIRED,
    },
    # A change while an official has it before them, or before the desk has it, makes it a draft again (F-8).
    State.AWAITING_SIGNATURE: {
        Event.SAVE: State.DRAFT,
        Event.SIGN: State.SUBMITTED,
        Event.WITHDRAW: State.WITHDRAWN,
        Event.EXPIRE: State.EXPIRED,
    },
    State.SUBMITTED: {
        Event.SAVE: State.DRAFT,
        Event.TAKE: State.IN_REVIEW,
        Event.WITHDRAW: State.WITHDRAWN,
    },
    State.IN_REVIEW: {
        Event.HAND_OVER: State.IN_REVIEW,
        Event.RETURN: State.RETURNED,
        Event.APPROVE: State.APPROVED,
        Event.DENY: State.DENIED,
        Event.WITHDRAW: State.WITHDRAWN,
    },
    State.RETURNED: {
        Event.SAVE: State.RETURNED,
        Event.ASK: State.AWAITING_SIGNATURE,
        Event.WITHDRAW: State.WITHDRAWN,
        Event.EXPIRE: State.EXPIRED,
    },
    State.APPROVED: {},
    State.DENIED: {},
    State.WITHDRAWN: {},
    State.EXPIRED: {},
}

FINAL = frozenset(state for state, steps in STEPS.items() if not steps)
DECIDED = frozenset({State.APPROVED, State.DENIED})
# While a case is here, no second one may bring the same group PTAN and NPI (F-6).
HOLDS_ITS_GROUP = frozenset({State.SUBMITTED, State.IN_REVIEW, State.APPROVED})


class Doer(StrEnum):
    """Who acts on a case. `contact`: whoever opened it with its tracking number and a mailed code (F-9)."""

    CONTACT = "contact"
    OFFICIAL = "official"
    DESK = "desk"
    TIME = "time"


DOERS: dict[Event, Doer] = {
    Event.SAVE: Doer.CONTACT,
    Event.ASK: Doer.CONTACT,
    Event.SIGN: Doer.OFFICIAL,
    Event.TAKE: Doer.DESK,
    Event.HAND_OVER: Doer.DESK,
    Event.RETURN: Doer.DESK,
    Event.APPROVE: Doer.DESK,
    Event.DENY: Doer.DESK,
    Event.WITHDRAW: Doer.CONTACT,
    Event.EXPIRE: Doer.TIME,
}
# Who has to act for a case to get on (F-9).
WAITS_FOR: dict[State, Doer | None] = {
    State.DRAFT: Doer.CONTACT,
    State.AWAITING_SIGNATURE: Doer.OFFICIAL,
    State.SUBMITTED: Doer.DESK,
    State.IN_REVIEW: Doer.DESK,
    State.RETURNED: Doer.CONTACT,
    State.APPROVED: None,
    State.DENIED: None,
    State.WITHDRAWN: None,
    State.EXPIRED: None,
}


class Authority(StrEnum):
    """Whether the payer file knows the official by name and mailbox; else tier 2 calls back, and says so (F-8)."""

    MATCHED = "matched"
    CALLBACK_NEEDED = "callback_needed"
    CALLED_BACK = "called_back"


class SignatureState(StrEnum):
    LIVE = "live"
    VOID = "void"


class Refusal(StrEnum):
    """Stable codes; the words are in `forms/words.py`."""

    KIND_UNKNOWN = "form_kind_unknown"
    BLOCK_UNKNOWN = "form_block_unknown"
    ANSWERS_MALFORMED = "form_answers_malformed"
    CHANGED_ELSEWHERE = "form_changed_elsewhere"
    NOT_NOW = "form_not_now"
    CASE_EXPIRED = "form_expired"
    CASE_DECIDED = "form_decided"
    INCOMPLETE = "form_incomplete"
    MAILBOX_NOT_PROVEN = "form_mailbox_not_proven"
    STARTED_TOO_OFTEN = "form_started_too_often"
    CODE_WRONG = "form_code_wrong"
    CODE_TOO_SOON = "form_code_too_soon"
    CODES_TOO_MANY = "form_codes_too_many"
    CODES_TOO_MANY_A_DAY = "form_codes_too_many_a_day"
    RESENDS_USED_UP = "form_resends_used_up"
    PAYER_CHECKS_USED_UP = "form_payer_checks_used_up"
    PAIR_CHECKS_USED_UP = "form_pair_checks_used_up"
    FACTS_MISSING = "form_facts_missing"
    GROUP_ENROLLED = "form_group_enrolled"
    GROUP_IN_REVIEW = "form_group_in_review"
    LIST_FULL = "form_list_full"


@dataclass(frozen=True)
class CaseFacts:
    """`expires_at`: when time ends the case if it stays in this state; None where time ends nothing."""

    state: State
    expires_at: datetime | None


def state_at(case: CaseFacts, now: datetime) -> State:
    """The state at `now`: what may expire is over from `expires_at` on, recorded or not. [F-7, I-2]"""
    runs_out = case.expires_at is not None and now >= case.expires_at
    return State.EXPIRED if runs_out and Event.EXPIRE in STEPS[case.state] else case.state


def may(case: CaseFacts, event: Event, now: datetime) -> Yes | No:
    """Whether this act is open to the case now, else which refusal says why not. [F-7]"""
    state = state_at(case, now)
    if event is Event.EXPIRE:
        return Yes() if state is State.EXPIRED and case.state is not state else No(Refusal.NOT_NOW)
    if event in STEPS[state]:
        return Yes()
    if state is State.EXPIRED:
        return No(Refusal.CASE_EXPIRED)
    return No(Refusal.CASE_DECIDED if state in DECIDED else Refusal.NOT_NOW, {"state": state.value})


def expiry(
    state: State, *, now: datetime, invitation_expires: datetime | None, limits: Limits
) -> datetime | None:
    """When a case that came to `state` at `now` runs out: a draft 60 days on, a signature with its invitation. [F-7]"""
    if state is State.AWAITING_SIGNATURE:
        return invitation_expires
    return now + limits.draft_kept if Event.EXPIRE in STEPS[state] else None
