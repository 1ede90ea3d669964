"""Proofing by hand: when it is open, which documents it takes, who decides, and where a case goes from there. (V-5) Pure.

The person hands in evidence; tier 3 looks at it and says what was checked and why. Two people decide (H-5): the first
proposes, another one confirms or sends it back. A single decider is the same table's shorter way.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.limits import Limits

WHY_SHORTEST = 10


class State(StrEnum):
    COLLECTING = "collecting"
    WAITING = "waiting"
    VERIFY_PROPOSED = "verify_proposed"
    REFUSE_PROPOSED = "refuse_proposed"
    VERIFIED = "verified"
    REFUSED = "refused"
    VOID = "void"
    CLOSED = "closed"


class Event(StrEnum):
    """`close`: the person was verified another way meanwhile. `ssn_taken`: the number is another person's (A-5)."""

    HAND_IN = "hand_in"
    ASK_FOR_MORE = "ask_for_more"
    PROPOSE_VERIFY = "propose_verify"
    PROPOSE_REFUSE = "propose_refuse"
    VERIFY = "verify"
    REFUSE = "refuse"
    SEND_BACK = "send_back"
    SSN_TAKEN = "ssn_taken"
    CLOSE = "close"


STEPS: dict[State, dict[Event, State]] = {
    State.COLLECTING: {Event.HAND_IN: State.WAITING, Event.CLOSE: State.CLOSED},
    State.WAITING: {
        Event.ASK_FOR_MORE: State.COLLECTING,
        Event.PROPOSE_VERIFY: State.VERIFY_PROPOSED,
        Event.PROPOSE_REFUSE: State.REFUSE_PROPOSED,
        Event.VERIFY: State.VERIFIED,
        Event.REFUSE: State.REFUSED,
        Event.SSN_TAKEN: State.VOID,
        Event.CLOSE: State.CLOSED,
    },
    State.VERIFY_PROPOSED: {
        Event.VERIFY: State.VERIFIED,
        Event.SEND_BACK: State.WAITING,
        Event.SSN_TAKEN: State.VOID,
        Event.CLOSE: State.CLOSED,
    },
    State.REFUSE_PROPOSED: {
        Event.REFUSE: State.REFUSED,
        Event.SEND_BACK: State.WAITING,
        Event.CLOSE: State.CLOSED,
    },
    State.VERIFIED: {},
    State.REFUSED: {},
    State.VOID: {},
    State.CLOSED: {},
}
OPEN = frozenset(state for state, steps in STEPS.items() if steps)
AT_THE_DESK = frozenset({State.WAITING, State.VERIFY_PROPOSED, State.REFUSE_PROPOSED})


class Document(StrEnum):
    """What counts as evidence."""

    PASSPORT = "passport"
    DRIVERS_LICENSE = "drivers_license"
    STATE_ID = "state_id"
    MILITARY_ID = "military_id"
    RESIDENT_CARD = "resident_card"
    SSN_CARD = "ssn_card"
    TAX_FORM = "tax_form"
    UTILITY_BILL = "utility_bill"
    BANK_STATEMENT = "bank_statement"
    LEASE = "lease"
    NAME_CHANGE = "name_change"


PICTURE_IDS = frozenset(
    {
        Document.PASSPORT,
        Document.DRIVERS_LICENSE,
        Document.STATE_ID,
        Document.MILITARY_ID,
        Document.RESIDENT_CARD,
    }
)
ADDRESS_PROOFS = frozenset(
    {Document.UTILITY_BILL, Document.BANK_STATEMENT, Document.LEASE, Document.TAX_FORM}
)


class Check(StrEnum):
    """What a decider can have checked."""

    GENUINE = "genuine"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    SSN = "ssn"
    ISSUER = "issuer"
    SPOKE = "spoke"


# Without these nobody is verified by hand.
NEEDED_CHECKS = frozenset({Check.GENUINE, Check.NAME, Check.BIRTH_DATE, Check.ADDRESS})


class Verdict(StrEnum):
    VERIFY = "verify"
    REFUSE = "refuse"


class Refusal(StrEnum):
    ALREADY_VERIFIED = "manual_already_verified"
    OTHER_WAY_FIRST = "manual_other_way_first"
    VENDOR_FILE_ONLY = "manual_vendor_file_only"
    RESTING = "manual_resting"
    NO_CASE = "manual_no_case"
    NOT_COLLECTING = "manual_not_collecting"
    PICTURE_ID_MISSING = "manual_picture_id_missing"
    ADDRESS_PROOF_MISSING = "manual_address_proof_missing"
    TOO_MANY_DOCUMENTS = "manual_too_many_documents"
    NO_SUCH_DOCUMENT = "manual_no_such_document"
    MOVED_ON = "manual_moved_on"
    FACTS_CHANGED = "manual_facts_changed"
    CHECKS_MISSING = "manual_checks_missing"
    NOT_SCANNED = "manual_not_scanned"
    WHY_TOO_SHORT = "manual_why_too_short"
    SAME_PERSON = "manual_same_person"


@dataclass(frozen=True)
class Way:
    """Which ways to be proofed this person has tried (V-3 to V-5).

    `refused_at`: when these very facts were refused by hand. `asked_after_call`: the vendor was asked again after the
    call and still did not verify. `is_vendor_away`: the last question got no answer.
    """

    is_proofed: bool
    is_us_address: bool
    is_void: bool
    is_given_up: bool
    is_online_closed: bool
    asked_after_call: bool
    is_vendor_away: bool
    refused_at: datetime | None


def may_open(way: Way, now: datetime, limits: Limits) -> Yes | No:
    """After the online way and the call failed, while the vendor is away, and at once for an address abroad. [V-5, A-8]

    What was refused by hand once is not looked at again: only a corrected file at the vendor helps. Abroad there is no
    such file; there other documents may be handed in after a rest.
    """
    if way.is_proofed:
        return No(Refusal.ALREADY_VERIFIED)
    if way.refused_at is not None and way.is_us_address:
        return No(Refusal.VENDOR_FILE_ONLY)
    if way.refused_at is not None and now < (until := way.refused_at + limits.proofing_cool_down):
        return No(Refusal.RESTING, {"until": until})
    grounds = {
        "address abroad": not way.is_us_address,
        "number of another account": way.is_void,
        "not verified": way.is_given_up,
        "online tries used up": way.is_online_closed,
        "not verified after the call": way.asked_after_call,
        "vendor away": way.is_vendor_away,
    }
    ground = next((name for name, holds in grounds.items() if holds), "")
    return Yes(ground) if ground else No(Refusal.OTHER_WAY_FIRST)


def may_add(state: State, held: int, limits: Limits) -> Yes | No:
    """While the person still collects, up to so many documents. [V-5]"""
    if state is not State.COLLECTING:
        return No(Refusal.NOT_COLLECTING)
    if held >= limits.evidence_most:
        return No(Refusal.TOO_MANY_DOCUMENTS, {"most": limits.evidence_most})
    return Yes()


def may_hand_in(state: State, documents: Collection[Document]) -> Yes | No:
    """A picture ID, and proof of the home address. [V-5]"""
    if state is not State.COLLECTING:
        return No(Refusal.NOT_COLLECTING)
    if not PICTURE_IDS & set(documents):
        return No(Refusal.PICTURE_ID_MISSING)
    if not ADDRESS_PROOFS & set(documents):
        return No(Refusal.ADDRESS_PROOF_MISSING)
    return Yes()


@dataclass(frozen=True)
class Desk:
    """The case as a decider finds it. `proposer`: who proposed, while a proposal waits."""

    state: State
    decider: UUID
    proposer: UUID | None
    facts_are_current: bool
    all_scanned: bool
    two_people: bool


def may_propose(desk: Desk, verdict: Verdict, checked: Collection[Check], why: str) -> Yes | No:
    """The first decider says what was checked and why; it verifies nobody who lacks a needed check. [V-5, H-5]"""
    if desk.state is not State.WAITING:
        return No(Refusal.MOVED_ON)
    if len(why.strip()) < WHY_SHORTEST:
        return No(Refusal.WHY_TOO_SHORT, {"least": WHY_SHORTEST})
    if not desk.all_scanned:
        return No(Refusal.NOT_SCANNED)
    if verdict is Verdict.VERIFY:
        if not desk.facts_are_current:
            return No(Refusal.FACTS_CHANGED)
        if not set(checked) >= NEEDED_CHECKS:
            return No(Refusal.CHECKS_MISSING)
    return Yes("two people" if desk.two_people else "one person")


def may_settle(desk: Desk, *, confirms: bool) -> Yes | No:
    """Another person than who proposed confirms, or sends it back. [H-5]"""
    if desk.state not in {State.VERIFY_PROPOSED, State.REFUSE_PROPOSED}:
        return No(Refusal.MOVED_ON)
    if desk.proposer == desk.decider:
        return No(Refusal.SAME_PERSON)
    if confirms and desk.state is State.VERIFY_PROPOSED and not desk.facts_are_current:
        return No(Refusal.FACTS_CHANGED)
    return Yes("second person")


def may_ask_for_more(desk: Desk, why: str) -> Yes | No:
    """The person gets the case back, with what is missing in words. [V-5]"""
    if desk.state is not State.WAITING:
        return No(Refusal.MOVED_ON)
    if len(why.strip()) < WHY_SHORTEST:
        return No(Refusal.WHY_TOO_SHORT, {"least": WHY_SHORTEST})
    return Yes()


def event_of(desk: Desk, verdict: Verdict) -> Event:
    """What a proposal is: with one decider it decides."""
    if desk.two_people:
        return Event.PROPOSE_VERIFY if verdict is Verdict.VERIFY else Event.PROPOSE_REFUSE
    return Event.VERIFY if verdict is Verdict.VERIFY else Event.REFUSE


def proposed(state: State) -> Verdict:
    """What a waiting proposal says. Raises KeyError where none waits."""
    return {State.VERIFY_PROPOSED: Verdict.VERIFY, State.REFUSE_PROPOSED: Verdict.REFUSE}[state]


def next_state(state: State, event: Event) -> State:
    """Raises KeyError for an event that the table does not have."""
    return STEPS[state][event]
