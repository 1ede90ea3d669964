"""Time from submitted to access, step by step."""

from datetime import UTC, datetime, timedelta

import pytest

from bailiwick.spot.rules.forms import State
from bailiwick.spot.rules.waiting import Figures, Journey, Step, by_step, figures, spans, waits_in, whole

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return START + hours * HOUR


def journey(*states: tuple[State, float], **after: object) -> Journey:
    return Journey(tuple((state, at(hours)) for state, hours in states), **after)


SUBMITTED, TAKEN = (State.SUBMITTED, 1), (State.IN_REVIEW, 3)
RETURNED, DRAFT, ASKED, AGAIN = (
    (State.RETURNED, 6),
    (State.DRAFT, 7),
    (State.AWAITING_SIGNATURE, 8),
    (State.SUBMITTED, 10),
)
APPROVED = (State.APPROVED, 20)


def test_a_form_that_came_back_is_counted_in_every_step_as_a_whole():
    """What came before the first submission counts for nothing; twice at the desk is one span. [B-3]"""
    whole_way = journey(
        (State.AWAITING_SIGNATURE, 0), SUBMITTED, TAKEN, RETURNED, DRAFT, ASKED, AGAIN, (State.IN_REVIEW, 15), APPROVED
    )  # fmt: skip
    assert spans(whole_way) == {Step.DESK: 7 * HOUR, Step.REVIEW: 8 * HOUR, Step.CORRECTION: 4 * HOUR}
    assert waits_in(whole_way) is None
    assert whole(whole_way) == 19 * HOUR
    assert whole_way.submitted_at == at(1)


@pytest.mark.parametrize(
    ("after", "waits"),
    [
        ({}, (Step.DELIVERY, at(20))),
        ({"confirmed_at": at(21)}, (Step.ROLE, at(21))),
        ({"confirmed_at": at(21), "granted_at": at(30)}, (Step.ENTRY, at(30))),
        ({"confirmed_at": at(21), "granted_at": at(30), "entered_at": at(32)}, None),
    ],
)
def test_a_new_organization_waits_until_somebody_enters(after, waits):
    """Approved is not yet access: IDM, the role, the first entry. [B-3]"""
    one = journey(SUBMITTED, TAKEN, APPROVED, is_delivered=True, is_new=True, **after)
    assert waits_in(one) == waits
    assert whole(one) == (None if waits else 31 * HOUR)


def test_a_change_is_done_when_idm_has_it():
    """No role and no entry is waited for where the organization was there before. [B-3]"""
    one = journey(SUBMITTED, TAKEN, APPROVED, is_delivered=True, confirmed_at=at(22))
    assert spans(one)[Step.DELIVERY] == 2 * HOUR
    assert waits_in(one) is None
    assert whole(one) == 21 * HOUR


@pytest.mark.parametrize(
    ("states", "waits"),
    [
        ([], None),
        ([(State.DRAFT, 0)], None),
        ([SUBMITTED], (Step.DESK, at(1))),
        ([SUBMITTED, TAKEN], (Step.REVIEW, at(3))),
        ([SUBMITTED, TAKEN, RETURNED], (Step.CORRECTION, at(6))),
        ([SUBMITTED, TAKEN, (State.DENIED, 5)], None),
        ([SUBMITTED, (State.WITHDRAWN, 5)], None),
    ],
)
def test_where_a_form_waits(states, waits):
    """Nothing waits that was never submitted, or is over without access; and none of these came to it. [B-3]"""
    assert waits_in(journey(*states)) == waits
    assert whole(journey(*states)) is None


def test_a_grant_older_than_its_confirmation_is_no_negative_wait():
    """Somebody may enter before the word of it has come back. [B-3]"""
    one = journey(
        SUBMITTED, TAKEN, APPROVED, is_delivered=True, is_new=True,
        confirmed_at=at(30), granted_at=at(25), entered_at=at(26),
    )  # fmt: skip
    assert spans(one)[Step.ROLE] == timedelta()
    assert whole(one) == 25 * HOUR


def test_figures_are_of_spans_that_were():
    """The middle one, what nine of ten stay within, the longest: each a span that some form took. [B-3]"""
    assert figures([]) is None
    assert figures([2 * HOUR]) == Figures(1, 2 * HOUR, 2 * HOUR, 2 * HOUR)
    assert figures([3 * HOUR, HOUR]) == Figures(2, HOUR, 3 * HOUR, 3 * HOUR)
    assert figures(n * HOUR for n in range(10, 0, -1)) == Figures(10, 5 * HOUR, 9 * HOUR, 10 * HOUR)


def test_steps_that_nobody_left_are_not_told():
    """Of several forms, in the order of steps. [B-3]"""
    told = by_step([journey(SUBMITTED, TAKEN), journey(SUBMITTED, (State.IN_REVIEW, 2), APPROVED)])
    assert list(told) == [Step.DESK, Step.REVIEW]
    assert told[Step.DESK] == Figures(2, HOUR, 2 * HOUR, 2 * HOUR)
