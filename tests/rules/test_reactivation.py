"""Nearing rest, resting, coming back: the days and instants, and what alone wakes a role."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.days import after_full_days, start_of
from bailiwick.idm.rules.grants import GrantFacts, Spans
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.reactivation import ComeBack, WayBack, steps_from, warnings_of, way_back

ZONE = ZoneInfo("America/New_York")
LIMITS = Limits()
SPANS = Spans(
    inactive_after=timedelta(days=30), removed_after=timedelta(days=90), reactivation_window=timedelta(days=7)
)
BEGAN = datetime(2026, 1, 10, 17, tzinfo=UTC)
HELD = GrantFacts(started_at=BEGAN, certify_by=date(2027, 1, 10))
RESTS = start_of(date(2026, 2, 10), ZONE)
REMOVED = start_of(date(2026, 4, 11), ZONE)
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
instants = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def way(now, set_at=None, held=HELD, spans=SPANS):
    return way_back(held, set_at, now=now, spans=spans, zone=ZONE)


@pytest.mark.parametrize("now", [RESTS - SECOND, REMOVED])
def test_what_does_not_rest_has_no_way_back(now):
    """Active until the last second of its day; gone for good with day 90. [I-4, I-5]"""
    assert way(now, RESTS + DAY) is None


@pytest.mark.parametrize("set_at", [None, BEGAN - DAY, RESTS - SECOND])
def test_a_password_of_before_does_not_count(set_at):
    """Only one set after becoming inactive; it is possible until the last day before removal. [I-4]"""
    assert way(RESTS, set_at) == WayBack(ComeBack.NEEDS_PASSWORD, date(2026, 4, 10))


def test_a_new_password_gives_seven_days_to_sign_in():
    """The day it was set and seven full ones, or as many as a stricter application gives; then both steps again. [I-4]"""
    set_at = RESTS + 12 * timedelta(hours=1)
    assert way(set_at, set_at) == WayBack(ComeBack.NEEDS_SIGN_IN, date(2026, 2, 17))
    over = start_of(date(2026, 2, 18), ZONE)
    assert way(over - SECOND, set_at).next is ComeBack.NEEDS_SIGN_IN
    assert way(over, set_at).next is ComeBack.TOO_LATE
    strict = replace(SPANS, reactivation_window=2 * DAY)
    assert way(set_at, set_at, spans=strict).until == date(2026, 2, 12)
    assert way(over - 5 * DAY, set_at, spans=strict).next is ComeBack.TOO_LATE


def test_no_new_password_keeps_it_beyond_its_end():
    """Day 90, an end date and the day to certify by end it all the same. [I-5, Q-10, C-3]"""
    set_at = REMOVED - 2 * DAY
    assert way(set_at, set_at).until == date(2026, 4, 10)
    dated = replace(HELD, ends_on=date(2026, 2, 12))
    assert way(RESTS, RESTS, dated).until == date(2026, 2, 12)
    assert way(start_of(date(2026, 2, 13), ZONE), RESTS, dated) is None


def test_a_stricter_application_warns_as_long_before():
    """Fifteen, five, two and one day before it rests, whatever the number is. [I-3]"""
    days = [span.days for span in warnings_of(replace(SPANS, inactive_after=timedelta(days=20)), LIMITS)]
    assert days == [5, 15, 18, 19]
    assert [span.days for span in warnings_of(SPANS, LIMITS)] == [15, 25, 28, 29]
    assert [span.days for span in warnings_of(replace(SPANS, inactive_after=timedelta(days=3)), LIMITS)] == [
        1,
        2,
    ]


@given(began=instants, after=st.timedeltas(min_value=timedelta(), max_value=timedelta(days=100)))
def test_steps_are_due_to_the_day(began, after):
    """As many as whole days have gone by, over every change of clocks and leap day. [I-3, I-4]"""
    now = began + after
    due = sum(began < since for since in steps_from(SPANS, LIMITS, now=now, zone=ZONE))
    spans = [timedelta(days=days) for days in (15, 25, 28, 29, 30)]
    assert due == sum(now >= after_full_days(began, span, ZONE) for span in spans)


@given(began=instants, rested=st.integers(0, 59), waited=st.timedeltas(timedelta(), timedelta(days=30)))
def test_a_way_back_is_open_exactly_between_the_two_ends(began, rested, waited):
    """Whatever the day, the password opens it and seven whole days or the role's own end close it. [I-4, I-5]"""
    held = replace(HELD, started_at=began, certify_by=date(2035, 1, 1))
    set_at = after_full_days(began, SPANS.inactive_after, ZONE) + rested * DAY
    now = set_at + waited
    found = way(now, set_at, held)
    if now >= after_full_days(began, SPANS.removed_after, ZONE):
        assert found is None
    else:
        is_open = now < after_full_days(set_at, LIMITS.reactivation_window, ZONE)
        assert (found.next is ComeBack.NEEDS_SIGN_IN) == is_open
