"""May this person be proofed online now, and where does a case go from here. (V-1 … V-5)

A case moves by `STEPS` alone. What depends on time (tries used up, a reference that ran out) is no state: it is
computed from facts and `now` whenever it is asked (I-2).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.limits import Limits

# The version of the terms a person accepts before being proofed (V-2); the text lies in the file of that name.
TERMS_VERSION = "1"


# Everything a vendor can answer: a closed set. No outcome tells which fact did not match.
@dataclass(frozen=True)
class Verified:
    """The vendor found the person."""


@dataclass(frozen=True)
class Call:
    """The person calls `call_number` with the review reference number, valid until `expires_at` (aware)."""

    reference: str
    expires_at: datetime
    call_number: str


@dataclass(frozen=True)
class NotVerified:
    """The vendor can do no more; only people can help (V-5)."""


@dataclass(frozen=True)
class Unavailable:
    """No answer that can be relied on; the same request id may be sent again."""


Outcome = Verified | Call | NotVerified | Unavailable


class State(StrEnum):
    """Of a case. A case begins with consent; there is none before it."""

    CONSENTED = "consented"
    CALL = "call"
    NOT_VERIFIED = "not_verified"
    VOID = "void"
    VERIFIED = "verified"


class Event(StrEnum):
    """What an answered attempt means to its case."""

    VERIFIED = "verified"
    CALL = "call"
    NOT_VERIFIED = "not_verified"
    UNAVAILABLE = "unavailable"
    FACTS_CHANGED = "facts_changed"
    SSN_TAKEN = "ssn_taken"


# The vendor being away uses nothing up and moves nothing (V-3). An answer about facts that are no longer the
# account's proves nothing and moves nothing. `void`: the SSN is another person's, verified first.
_FROM_OPEN = {
    Event.VERIFIED: State.VERIFIED,
    Event.CALL: State.CALL,
    Event.NOT_VERIFIED: State.NOT_VERIFIED,
    Event.SSN_TAKEN: State.VOID,
}
STEPS: dict[State, dict[Event, State]] = {
    state: _FROM_OPEN | {Event.UNAVAILABLE: state, Event.FACTS_CHANGED: state}
    for state in (State.CONSENTED, State.CALL, State.NOT_VERIFIED)
} | {State.VOID: {}, State.VERIFIED: {}}
OPEN = frozenset(state for state, steps in STEPS.items() if steps)


class Refusal(StrEnum):
    NO_CONSENT = "proofing_no_consent"
    ALREADY_VERIFIED = "proofing_already_verified"
    HELP_DESK_ONLY = "proofing_help_desk_only"
    TRIES_EXHAUSTED = "proofing_tries_exhausted"
    FACTS_CHANGED = "proofing_facts_changed"
    SSN_MISSING = "proofing_ssn_missing"
    REFERENCE_MISSING = "proofing_reference_missing"
    REFERENCE_EXPIRED = "proofing_reference_expired"
    REFERENCE_CHECKS_EXHAUSTED = "proofing_reference_checks_exhausted"


class Place(StrEnum):
    """Where in the identity step a person stands: one page each."""

    VERIFIED = "verified"
    CONSENT = "consent"
    DETAILS = "details"
    CALL = "call"
    BY_HAND = "by_hand"
    REFUSED = "refused"


@dataclass(frozen=True)
class Reference:
    """The vendor's review reference number, with the facts it was given for."""

    number: str
    expires_at: datetime
    fits_facts: bool

    def is_live(self, now: datetime) -> bool:
        return self.fits_facts and now < self.expires_at


@dataclass(frozen=True)
class Facts:
    """All that the rules of proofing look at.

    `tries`: when each counted online try began, of the whole account, oldest first (a new case buys no new tries);
    `checks`: the same for questions by reference number. `void_fits_facts`: a void case stands for these very facts.
    `is_at_hand`: a case by hand is open. `was_refused`: one was refused for these very facts (V-5).
    """

    is_proofed: bool
    state: State | None
    consented_version: str
    is_us_address: bool
    void_fits_facts: bool
    reference: Reference | None
    tries: tuple[datetime, ...]
    checks: tuple[datetime, ...]
    is_at_hand: bool = False
    was_refused: bool = False


def next_state(state: State, event: Event) -> State:
    """Raises KeyError for an event that the table does not have."""
    return STEPS[state][event]


def online_again_at(tries: tuple[datetime, ...], now: datetime, limits: Limits) -> datetime | None:
    """When the account may be asked online again, or None while it may. [V-3, numbers]

    The try that fills the allowance within one window begins the cool-down.
    """
    allowance = limits.proofing_tries
    for first, last in zip(tries, tries[allowance - 1 :], strict=False):
        until = last + limits.proofing_cool_down
        if last - first < limits.proofing_window and now < until:
            return until
    return None


def tries_left(tries: tuple[datetime, ...], now: datetime, limits: Limits) -> int:
    """How many online tries remain in the window that ends now."""
    if online_again_at(tries, now, limits):
        return 0
    recent = [begun for begun in tries if now - begun < limits.proofing_window]
    return max(0, limits.proofing_tries - len(recent))


def may_consent(facts: Facts) -> Yes | No:
    """Consent opens the online way; there is none for whom only people can help. [V-2, A-5, A-8]"""
    if facts.is_proofed:
        return No(Refusal.ALREADY_VERIFIED)
    if facts.void_fits_facts or not facts.is_us_address:
        return No(Refusal.HELP_DESK_ONLY)
    return Yes("not yet proofed")


def may_ask_online(facts: Facts, now: datetime, limits: Limits) -> Yes | No:
    """[V-1, V-2, V-3]"""
    if not (answer := _may_ask_at_all(facts)):
        return answer
    if until := online_again_at(facts.tries, now, limits):
        return No(Refusal.TRIES_EXHAUSTED, {"until": until})
    return Yes("try")


def may_ask_by_reference(facts: Facts, now: datetime, limits: Limits) -> Yes | No:
    """After the call the vendor is asked again, also where the online tries are used up. [V-4]"""
    if not (answer := _may_ask_at_all(facts)):
        return answer
    if facts.state is not State.CALL or facts.reference is None:
        return No(Refusal.REFERENCE_MISSING)
    if not facts.reference.fits_facts:
        return No(Refusal.FACTS_CHANGED)
    if not facts.reference.is_live(now):
        return No(Refusal.REFERENCE_EXPIRED)
    allowance = limits.proofing_reference_checks
    recent = [begun for begun in facts.checks if now - begun < limits.proofing_window]
    if len(recent) >= allowance:
        return No(Refusal.REFERENCE_CHECKS_EXHAUSTED, {"until": recent[-allowance] + limits.proofing_window})
    return Yes("reference")


def may_take_up_again(begun_at: datetime, now: datetime, limits: Limits) -> bool:
    """Whether an unanswered attempt is still the same try: vendors remember a request id at least this long. [V-6]"""
    return now - begun_at < limits.proofing_window


def _may_ask_at_all(facts: Facts) -> Yes | No:
    if not (answer := may_consent(facts)):
        return answer
    if facts.state not in OPEN or facts.consented_version != TERMS_VERSION:
        return No(Refusal.NO_CONSENT)
    return Yes()


def place(facts: Facts, now: datetime, limits: Limits) -> Place:
    """The page of the identity step that is this person's now. [V-1 … V-5]"""
    if facts.is_proofed:
        return Place.VERIFIED
    by_people = Place.REFUSED if facts.was_refused and not facts.is_at_hand else Place.BY_HAND
    if facts.is_at_hand or not may_consent(facts):
        return by_people
    if not _may_ask_at_all(facts):
        return Place.CONSENT
    if facts.state is State.CALL and facts.reference and facts.reference.is_live(now):
        return Place.CALL
    if facts.state is State.NOT_VERIFIED or not may_ask_online(facts, now, limits):
        return by_people
    return Place.DETAILS
