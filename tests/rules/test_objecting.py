"""Objecting to a signature, as rules see it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bailiwick.ground.rulings import No, Yes
from bailiwick.spot.rules.deciding import ApprovalFacts, obstacle_to_approving
from bailiwick.spot.rules.deciding import Refusal as Deciding
from bailiwick.spot.rules.forms import DECIDED, Authority, State
from bailiwick.spot.rules.objecting import OPEN_TO_OBJECTION, Objected, Refusal, may_object
from bailiwick.spot.rules.signing import Text

FORM = Text(revision=3, digest="a" * 64, form_version="1", agreement_version="2026-1")
SETTLED = ApprovalFacts(form=FORM, signed=FORM, authority=Authority.MATCHED)


@pytest.mark.parametrize("state", list(State))
def test_a_live_signature_is_open_to_objection_until_the_decision(state):
    """From the signature on, and not afterwards. [F-8]"""
    said = may_object(Objected(is_signature_live=True, case_state=state))
    over = No(Refusal.DECIDED if state in DECIDED else Refusal.SIGNATURE_GONE)
    assert said == (Yes() if state in OPEN_TO_OBJECTION else over)
    assert not OPEN_TO_OBJECTION & DECIDED


@pytest.mark.parametrize("state", list(State))
def test_a_signature_that_counts_no_more_is_not_objected_to(state):
    """Whatever became of the form. [F-8]"""
    assert may_object(Objected(is_signature_live=False, case_state=state)) == No(Refusal.SIGNATURE_GONE)


def test_an_open_objection_stops_the_approval_before_the_day_is_over_and_after():
    """Who objects is told to the desk; settled, nothing stands in the way. [F-8]"""
    waits = replace(SETTLED, objecting=("a@x.example",), objection_until=datetime(2026, 3, 2, tzinfo=UTC))
    for facts in (waits, replace(waits, objection_until=None)):
        assert obstacle_to_approving(facts) == No(Deciding.OBJECTED, {"who": "a@x.example"})
    assert obstacle_to_approving(replace(waits, objecting=())).because is Deciding.OBJECTION_TIME
    assert obstacle_to_approving(SETTLED) is None
