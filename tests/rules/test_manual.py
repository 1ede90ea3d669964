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
