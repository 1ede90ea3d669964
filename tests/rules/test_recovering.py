"""The ladder back in, and the resets of IDM's desk, as rules see them (P-7, P-9, H-5, AX01)."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bailiwick.ground.rulings import No
from bailiwick.idm.rules import recovering, restoring
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.recovering import RECOVERY_STEPS, Goal, RecoveryEvent, RecoveryFacts, RecoveryState
from bailiwick.idm.rules.restoring import RESET_STEPS, ResetFacts, ResetState

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIMITS = Limits()
HOUR = timedelta(hours=1)
MAY = {
    (RecoveryState.STARTED, RecoveryEvent.SEND),
    (RecoveryState.SENT, RecoveryEvent.SEND),
    (RecoveryState.SENT, RecoveryEvent.MATCH),
    (RecoveryState.PROVED, RecoveryEvent.SEND),
    (RecoveryState.PROVED, RecoveryEvent.FINISH),
}
STEPS_OF_A_BROWSER = (RecoveryEvent.SEND, RecoveryEvent.MATCH, RecoveryEvent.FINISH)


def ruling(event, ladder, goal=Goal.NEW_PASSWORD, now=NOON):
    return recovering.may_take(event, ladder, goal, now=now, limits=LIMITS)


def ladder(state, **changes) -> RecoveryFacts:
    usual = {"goal": Goal.NEW_PASSWORD, "expires_at": NOON + HOUR, "answers": 0}
    return RecoveryFacts(state=state, **(usual | changes))


@pytest.mark.parametrize(("state", "event"), list(product(RecoveryState, STEPS_OF_A_BROWSER)))
def test_a_step_is_taken_in_its_turn_only(state, event):
    """Every state against every step. [P-7]"""
    assert bool(ruling(event, ladder(state))) == ((state, event) in MAY)


def test_choosing_another_way_takes_the_proof_back():
    """After it the code of the new way is asked for. [P-7]"""
    assert RECOVERY_STEPS[RecoveryState.PROVED][RecoveryEvent.SEND] is RecoveryState.SENT


def test_only_a_finish_ends_well_and_only_after_a_proof():
    """No other way into "done". [P-7, P-9]"""
    ways = [
        (state, event)
        for state, steps in RECOVERY_STEPS.items()
        for event, target in steps.items()
        if target is RecoveryState.DONE
    ]
    assert ways == [(RecoveryState.PROVED, RecoveryEvent.FINISH)]


def test_a_ladder_leads_to_its_own_goal():
    """What was begun to unlock sets no password. [P-7, P-8]"""
    proved = ladder(RecoveryState.PROVED, goal=Goal.UNLOCK)
    assert ruling(RecoveryEvent.FINISH, proved, Goal.UNLOCK)
    refused = ruling(RecoveryEvent.FINISH, proved, Goal.NEW_PASSWORD)
    assert isinstance(refused, No)
    assert refused.because is recovering.Refusal.NOT_BEGUN


def test_a_ladder_ends_with_its_hour():
    """Expiry is computed. [P-7, I-2]"""
    proved = ladder(RecoveryState.PROVED)
    assert ruling(RecoveryEvent.FINISH, proved, now=NOON + HOUR - timedelta(seconds=1))
    assert not ruling(RecoveryEvent.FINISH, proved, now=NOON + HOUR)


def test_three_wrong_answers_end_a_ladder():
    """Whatever its state says. [P-10]"""
    assert ruling(RecoveryEvent.FINISH, ladder(RecoveryState.PROVED, answers=2))
    assert not ruling(RecoveryEvent.FINISH, ladder(RecoveryState.PROVED, answers=3))


def test_a_network_begins_thirty_ladders_an_hour():
    """The thirty-first waits. [P-7]"""
    begun = [NOON - timedelta(minutes=1)] * 29
    assert recovering.may_begin(begun, now=NOON, limits=LIMITS)
    assert not recovering.may_begin([*begun, NOON], now=NOON, limits=LIMITS)
    assert recovering.may_begin([*begun, NOON - HOUR], now=NOON, limits=LIMITS)


def reset(state=ResetState.WAITING, **changes) -> ResetFacts:
    usual = {"due_at": NOON + timedelta(hours=24), "asked_by_the_same": False}
    return ResetFacts(state=state, **(usual | changes))


def test_a_factor_reset_holds_after_24_hours_and_not_before():
    """Computed from the time it was asked for. [P-9, I-2]"""
    due = restoring.due_at(NOON, LIMITS)
    assert not restoring.is_due(reset(), now=due - timedelta(seconds=1))
    assert restoring.is_due(reset(), now=due)
    assert not restoring.is_due(reset(ResetState.CANCELED), now=due)


def test_a_factor_reset_is_canceled_until_it_holds():
    """Then there is nothing to stop, written down or not. [P-9]"""
    assert restoring.may_cancel(reset(), now=NOON)
    assert not restoring.may_cancel(reset(), now=NOON + timedelta(hours=24))
    assert not restoring.may_cancel(None, now=NOON)
    for state in (ResetState.DONE, ResetState.CANCELED):
        assert not restoring.may_cancel(reset(state), now=NOON)
        assert not RESET_STEPS[state]


def test_two_people_take_the_wait_away():
    """Whoever asked is not the second. [H-5]"""
    assert restoring.may_hurry(reset(), now=NOON)
    refused = restoring.may_hurry(reset(asked_by_the_same=True), now=NOON)
    assert isinstance(refused, No)
    assert refused.because is restoring.Refusal.SAME_PERSON
    assert not restoring.may_hurry(reset(ResetState.CANCELED), now=NOON)
