"""When documents are the way, which suffice, and who decides on them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest

from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.manual import (
    ADDRESS_PROOFS,
    AT_THE_DESK,
    NEEDED_CHECKS,
    OPEN,
    PICTURE_IDS,
    STEPS,
    Check,
    Desk,
    Document,
    Event,
    Refusal,
    State,
    Verdict,
    Way,
    event_of,
    may_add,
    may_ask_for_more,
    may_hand_in,
    may_open,
    may_propose,
    may_settle,
    next_state,
    proposed,
)

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
LIMITS = Limits()
WHY = "Passport and lease agree."
UNTRIED = Way(
    is_proofed=False,
    is_us_address=True,
    is_void=False,
    is_given_up=False,
    is_online_closed=False,
    asked_after_call=False,
    is_vendor_away=False,
    refused_at=None,
)
WAITING = Desk(
    state=State.WAITING,
    decider=uuid4(),
    proposer=None,
    facts_are_current=True,
    all_scanned=True,
    two_people=True,
)
PROPOSED = replace(WAITING, state=State.VERIFY_PROPOSED, proposer=uuid4())


def test_every_state_has_a_row():
    """No dead end that nobody decided on. [V-5]"""
    assert set(STEPS) == set(State)
    assert AT_THE_DESK < OPEN


@pytest.mark.parametrize("state", sorted(OPEN))
def test_who_is_verified_another_way_needs_no_documents_from_any_open_state(state):
    """The case closes wherever it stands. [V-4]"""
    assert next_state(state, Event.CLOSE) is State.CLOSED


def test_nothing_leads_to_verified_but_a_decision():
    """Not a hand-in, not a proposal, not a closing. [H-5]"""
    leading = {
        (state, event)
        for state, steps in STEPS.items()
        for event, to in steps.items()
        if to is State.VERIFIED
    }
    assert leading == {(State.WAITING, Event.VERIFY), (State.VERIFY_PROPOSED, Event.VERIFY)}


@pytest.mark.parametrize(
    "change",
    [
        {"is_us_address": False},
        {"is_void": True},
        {"is_given_up": True},
        {"is_online_closed": True},
        {"asked_after_call": True},
        {"is_vendor_away": True},
    ],
)
def test_each_failed_way_opens_the_way_by_hand(change):
    """And nothing else does. [V-5, A-8]"""
    assert not may_open(UNTRIED, NOW, LIMITS)
    assert may_open(replace(UNTRIED, **change), NOW, LIMITS)


@pytest.mark.parametrize("days", [0, 3, 300])
def test_a_refusal_by_hand_is_the_last_word_by_hand(days):
    """Only a corrected vendor file helps; abroad, other documents after a rest. [V-5]"""
    refused = replace(UNTRIED, is_given_up=True, refused_at=NOW - timedelta(days=days))
    assert may_open(refused, NOW, LIMITS).because is Refusal.VENDOR_FILE_ONLY
    abroad = replace(refused, is_us_address=False)
    assert bool(may_open(abroad, NOW, LIMITS)) is (days >= 3)


@pytest.mark.parametrize(("picture", "address"), list(product(sorted(PICTURE_IDS), sorted(ADDRESS_PROOFS))))
def test_any_picture_id_with_any_proof_of_address_suffices(picture, address):
    """Neither does alone. [V-5]"""
    assert may_hand_in(State.COLLECTING, {picture, address})
    assert may_hand_in(State.COLLECTING, {picture}).because is Refusal.ADDRESS_PROOF_MISSING
    assert may_hand_in(State.COLLECTING, {address}).because is Refusal.PICTURE_ID_MISSING


@pytest.mark.parametrize("document", sorted(set(Document) - PICTURE_IDS - ADDRESS_PROOFS))
def test_other_documents_help_but_do_not_suffice(document):
    """A Social Security card shows neither face nor address. [V-5]"""
    assert not may_hand_in(State.COLLECTING, {document})


@pytest.mark.parametrize("missing", sorted(NEEDED_CHECKS))
def test_each_needed_check_is_needed(missing):
    """To verify; to refuse none is. [V-5]"""
    checked = set(Check) - {missing}
    assert may_propose(WAITING, Verdict.VERIFY, checked, WHY).because is Refusal.CHECKS_MISSING
    assert may_propose(WAITING, Verdict.REFUSE, set(), WHY)


@pytest.mark.parametrize("state", sorted(set(State) - {State.WAITING}))
def test_only_a_waiting_case_is_proposed_on(state):
    """Whoever comes second reads it again. [Q-5]"""
    desk = replace(WAITING, state=state)
    assert may_propose(desk, Verdict.VERIFY, set(Check), WHY).because is Refusal.MOVED_ON
    assert may_ask_for_more(desk, WHY).because is Refusal.MOVED_ON


def test_who_proposed_neither_confirms_nor_sends_back():
    """Two people. [H-5]"""
    own = replace(PROPOSED, proposer=PROPOSED.decider)
    for confirms in (True, False):
        assert may_settle(PROPOSED, confirms=confirms)
        assert may_settle(own, confirms=confirms).because is Refusal.SAME_PERSON


def test_changed_facts_are_neither_proposed_nor_confirmed_as_verified():
    """They may be sent back. [A-7]"""
    changed = replace(PROPOSED, facts_are_current=False)
    assert may_settle(changed, confirms=True).because is Refusal.FACTS_CHANGED
    assert may_settle(changed, confirms=False)


@pytest.mark.parametrize("verdict", Verdict)
def test_with_two_people_a_proposal_decides_nothing(verdict):
    """With one it does. [V-5]"""
    after = next_state(State.WAITING, event_of(WAITING, verdict))
    assert after in AT_THE_DESK
    assert proposed(after) is verdict
    alone = next_state(State.WAITING, event_of(replace(WAITING, two_people=False), verdict))
    assert alone not in OPEN


@pytest.mark.parametrize(
    ("change", "ground"),
    [
        ({"is_us_address": False}, "address abroad"),
        ({"is_void": True}, "number of another account"),
        ({"is_given_up": True}, "not verified"),
        ({"is_online_closed": True}, "online tries used up"),
        ({"asked_after_call": True}, "not verified after the call"),
        ({"is_vendor_away": True}, "vendor away"),
    ],
)
def test_why_the_way_by_hand_is_open_is_told(change, ground):
    """It goes on the ledger with the case. [V-5, L-2]"""
    assert may_open(replace(UNTRIED, **change), NOW, LIMITS).ground == ground


def test_who_is_proofed_needs_no_documents():
    """Whatever failed before. [V-1]"""
    proofed = replace(UNTRIED, is_proofed=True, is_given_up=True)
    assert may_open(proofed, NOW, LIMITS).because is Refusal.ALREADY_VERIFIED


def test_a_refusal_abroad_rests_for_72_hours():
    """To the second, and the page says until when. [V-5, A-8]"""
    three_days = timedelta(hours=72)
    abroad = replace(UNTRIED, is_us_address=False, refused_at=NOW)
    resting = may_open(abroad, NOW + three_days - timedelta(seconds=1), LIMITS)
    assert (resting.because, resting.facts) == (Refusal.RESTING, {"until": NOW + three_days})
    assert may_open(abroad, NOW + three_days, LIMITS)


def test_a_case_holds_eight_documents():
    """The ninth is refused, naming the number. [V-5]"""
    assert may_add(State.COLLECTING, 7, LIMITS)
    refused = may_add(State.COLLECTING, 8, LIMITS)
    assert (refused.because, refused.facts) == (Refusal.TOO_MANY_DOCUMENTS, {"most": 8})


@pytest.mark.parametrize("state", sorted(set(State) - {State.COLLECTING}))
def test_what_was_handed_in_stays_as_it_is(state):
    """The desk decides on what it sees: nothing is added, nothing handed in twice. [V-5]"""
    assert may_add(state, 0, LIMITS).because is Refusal.NOT_COLLECTING
    whole = {Document.PASSPORT, Document.LEASE}
    assert may_hand_in(state, whole).because is Refusal.NOT_COLLECTING


@pytest.mark.parametrize(
    "act",
    [
        lambda why: may_propose(WAITING, Verdict.REFUSE, set(), why),
        lambda why: may_ask_for_more(WAITING, why),
    ],
)
def test_a_decider_says_why_in_ten_characters_at_least(act):
    """Spaces around them do not count. [V-5]"""
    assert act("It is torn")
    refused = act("  It's torn  ")
    assert (refused.because, refused.facts) == (Refusal.WHY_TOO_SHORT, {"least": 10})


@pytest.mark.parametrize("verdict", Verdict)
def test_nothing_is_proposed_on_documents_that_were_not_scanned(verdict):
    """A file may still turn out to be harmful. [V-5]"""
    unscanned = replace(WAITING, all_scanned=False)
    assert may_propose(unscanned, verdict, set(Check), WHY).because is Refusal.NOT_SCANNED


def test_nobody_is_proposed_as_verified_on_facts_that_changed():
    """They may be refused. [A-7, V-5]"""
    changed = replace(WAITING, facts_are_current=False)
    assert may_propose(changed, Verdict.VERIFY, set(Check), WHY).because is Refusal.FACTS_CHANGED
    assert may_propose(changed, Verdict.REFUSE, set(), WHY)


def test_the_needed_checks_suffice():
    """More may be made, none has to be. [V-5]"""
    assert may_propose(WAITING, Verdict.VERIFY, NEEDED_CHECKS, WHY)
    assert may_propose(WAITING, Verdict.VERIFY, set(Check), WHY)


def test_how_many_decide_is_told():
    """It goes on the ledger with the decision. [H-5, L-2]"""
    assert may_propose(WAITING, Verdict.REFUSE, set(), WHY).ground == "two people"
    alone = replace(WAITING, two_people=False)
    assert may_propose(alone, Verdict.REFUSE, set(), WHY).ground == "one person"
    assert may_settle(PROPOSED, confirms=True).ground == "second person"


@pytest.mark.parametrize("state", State)
def test_only_a_proposal_is_settled(state):
    """Of either kind. [H-5, Q-5]"""
    ruling = may_settle(replace(PROPOSED, state=state), confirms=True)
    if state in {State.VERIFY_PROPOSED, State.REFUSE_PROPOSED}:
        assert ruling
    else:
        assert ruling.because is Refusal.MOVED_ON


def test_a_refusal_is_confirmed_whether_or_not_the_facts_changed():
    """What was refused was that evidence. [H-5, A-7]"""
    assert may_settle(replace(PROPOSED, state=State.REFUSE_PROPOSED, facts_are_current=False), confirms=True)


@pytest.mark.parametrize(
    ("two_people", "verdict", "state"),
    [
        (True, Verdict.VERIFY, State.VERIFY_PROPOSED),
        (True, Verdict.REFUSE, State.REFUSE_PROPOSED),
        (False, Verdict.VERIFY, State.VERIFIED),
        (False, Verdict.REFUSE, State.REFUSED),
    ],
)
def test_a_verdict_leads_where_it_says(two_people, verdict, state):
    """Proposed by the first of two, decided by one alone. [V-5, H-5]"""
    event = event_of(replace(WAITING, two_people=two_people), verdict)
    assert next_state(State.WAITING, event) is state
