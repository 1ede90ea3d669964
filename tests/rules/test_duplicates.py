"""Cases, merges and corrections as tables and rulings (A-5, A-7, H-5)."""

from datetime import UTC, datetime, timedelta

import pytest

from bailiwick.idm.rules import corrections
from bailiwick.idm.rules.corrections import BY_TWO, Asking, Kind, event_of, may_ask
from bailiwick.idm.rules.desk import Presence
from bailiwick.idm.rules.duplicates import (
    CASE_STEPS,
    MERGE_STEPS,
    Decider,
    MergeState,
    Refusal,
    Side,
    may_decide,
    may_merge,
    may_undo,
)
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.limits import Limits
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
LIMITS = Limits()
FINE = Side(is_active=True, is_frozen=False, is_merged=False, is_discarded=False, is_proven=False)


def decider(**changes):
    strong = Presence(SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA), NOW)
    return Decider(**({"is_security_desk": True, "is_concerned": False, "presence": strong} | changes))


@pytest.mark.parametrize("table", [CASE_STEPS, MERGE_STEPS, corrections.STEPS])
def test_every_state_has_a_row_and_is_reached(table):
    """The tables are whole. [A-5, A-7]"""
    states = set(type(next(iter(table))))
    reached = {state for steps in table.values() for state in steps.values()} | {next(iter(table))}
    assert set(table) == states == reached


@pytest.mark.parametrize(
    ("changes", "because"),
    [
        ({"is_security_desk": False}, Refusal.NOT_SECURITY_DESK),
        ({"is_concerned": True}, Refusal.OWN_CASE),
        (
            {"presence": Presence(SignInStrength(acr=ACR_LIMITED, is_limited=False), NOW)},
            Refusal.STRONGER_FACTOR_NEEDED,
        ),
        (
            {
                "presence": Presence(
                    SignInStrength(acr=ACR_MFA, is_limited=False, desk_level=ACR_MFA),
                    NOW - timedelta(minutes=5),
                )
            },
            Refusal.NOT_FRESH,
        ),
        ({"was_first": True}, Refusal.SAME_DECIDER),
    ],
)
def test_who_may_not_decide(changes, because):
    """Tier 3, not about oneself, strongly and lately verified, not twice. [A-5, H-5, S-6]"""
    assert may_decide(decider(**changes), now=NOW, limits=LIMITS, as_second=True).because is because
    assert may_decide(decider(), now=NOW, limits=LIMITS, as_second=True)


@pytest.mark.parametrize(
    ("survivor", "other", "because"),
    [
        ({"is_merged": True}, {}, Refusal.ACCOUNT_GONE),
        ({}, {"is_discarded": True}, Refusal.ACCOUNT_GONE),
        ({}, {"is_proven": True}, Refusal.SURVIVOR_UNPROVEN),
        ({}, {"is_active": False}, Refusal.OTHER_NOT_ACTIVE),
        ({}, {"is_frozen": True}, Refusal.OTHER_NOT_ACTIVE),
    ],
)
def test_what_cannot_be_merged(survivor, other, because):
    """No proofed number and no stop gets lost. [A-5]"""
    assert may_merge(Side(**(vars(FINE) | survivor)), Side(**(vars(FINE) | other))).because is because


def test_a_suspended_survivor_stays_suspended():
    """It keeps its own state; only what ends must be open. [A-5]"""
    assert may_merge(Side(**(vars(FINE) | {"is_active": False, "is_proven": True})), FINE)


def test_undone_until_the_thirtieth_day():
    """To the second. [A-5]"""
    assert may_undo(NOW, FINE, now=NOW + timedelta(days=30) - timedelta(seconds=1), limits=LIMITS)
    late = may_undo(NOW, FINE, now=NOW + timedelta(days=30), limits=LIMITS)
    assert (late.because, late.facts) == (Refusal.UNDO_TOO_LATE, {"days": 30})
    assert MergeState.UNDONE in MERGE_STEPS


@pytest.mark.parametrize(
    ("survivor", "because"),
    [
        ({"is_active": False}, Refusal.UNDO_SURVIVOR_CLOSED),
        ({"is_frozen": True}, Refusal.UNDO_SURVIVOR_CLOSED),
        ({"is_active": False, "is_merged": True}, Refusal.UNDO_LATER_FIRST),
    ],
)
def test_undoing_is_no_way_around_a_stop(survivor, because):
    """Who was suspended, archived or frozen after the merge does not come back by the account before it. [A-5, H-5, AR11]"""
    assert may_undo(NOW, Side(**(vars(FINE) | survivor)), now=NOW, limits=LIMITS).because is because


def test_two_correct_a_number_or_a_birth_date_and_one_a_name():
    """The first of two agrees, the last approves; denying takes one. [A-7, H-5]"""
    for kind in Kind:
        first = event_of(kind, corrections.State.PENDING, approve=True)
        assert first is (corrections.Event.AGREE if kind in BY_TWO else corrections.Event.APPROVE)
        assert event_of(kind, corrections.State.AGREED, approve=True) is corrections.Event.APPROVE
        assert event_of(kind, corrections.State.PENDING, approve=False) is corrections.Event.DENY


def test_a_request_is_for_those_who_cannot_correct_in_place():
    """Proofed, or three times corrected already. [A-7]"""
    asking = {"is_waiting": False, "is_change": True, "has_document": True, "has_reason": True}
    assert may_ask(Asking(is_proven=True, corrections=0, **asking), LIMITS)
    assert may_ask(Asking(is_proven=False, corrections=3, **asking), LIMITS)
    refused = may_ask(Asking(is_proven=False, corrections=2, **asking), LIMITS)
    assert refused.because is corrections.Refusal.CORRECT_IN_PLACE


def test_a_decision_of_one_asks_for_no_other_person():
    """Only the second of two has to be somebody else. [A-5, H-5]"""
    assert may_decide(decider(was_first=True), now=NOW, limits=LIMITS)
