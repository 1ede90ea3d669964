"""When a person may be proofed online, and where a case goes from each answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.proofing import (
    OPEN,
    STEPS,
    TERMS_VERSION,
    Event,
    Facts,
    Place,
    Reference,
    Refusal,
    State,
    may_ask_by_reference,
    may_ask_online,
    may_consent,
    next_state,
    online_again_at,
    place,
    tries_left,
)

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
LIMITS = Limits()
HOUR = timedelta(hours=1)

CONSENTED = Facts(
    is_proofed=False,
    state=State.CONSENTED,
    consented_version=TERMS_VERSION,
    is_us_address=True,
    void_fits_facts=False,
    reference=None,
    tries=(),
    checks=(),
)
LIVE = Reference(number="AC34-7HJK-9MNP", expires_at=NOW + timedelta(days=1), fits_facts=True)
CALLED = replace(CONSENTED, state=State.CALL, reference=LIVE)


def ago(*hours):
    return tuple(NOW - hour * HOUR for hour in hours)


def test_every_state_has_a_row():
    """A state without a row would be a dead end that nobody decided on. [V-3]"""
    assert set(STEPS) == set(State)


@pytest.mark.parametrize(("state", "event"), list(product(sorted(OPEN), Event)))
def test_every_answer_moves_every_open_case(state, event):
    """Whatever the vendor answers, an unfinished case knows where it goes. [V-3]"""
    assert next_state(state, event) in State


@pytest.mark.parametrize(("state", "event"), list(product(sorted(set(State) - OPEN), Event)))
def test_a_finished_case_moves_no_more(state, event):
    """Verified stays verified, void stays void. [V-1]"""
    with pytest.raises(KeyError):
        next_state(state, event)


def test_every_state_is_reached_from_consent():
    """No state is without a way into it. [V-3]"""
    reached, ahead = set(), {State.CONSENTED}
    while ahead:
        state = ahead.pop()
        reached.add(state)
        ahead |= set(STEPS[state].values()) - reached
    assert reached == set(State)


@pytest.mark.parametrize("state", sorted(OPEN))
@pytest.mark.parametrize("event", [Event.UNAVAILABLE, Event.FACTS_CHANGED])
def test_no_answer_moves_nothing(state, event):
    """The vendor being away leaves the case where it was. [V-3]"""
    assert next_state(state, event) is state


def test_three_tries_in_a_day_begin_the_cool_down():
    """After the third try the online way is closed for 72 hours from it. [V-3]"""
    until = online_again_at(ago(20, 10, 1), NOW, LIMITS)
    assert until == NOW - HOUR + timedelta(hours=72)


def test_three_tries_spread_over_more_than_a_day_are_no_cool_down():
    """Only tries within one window count together. [V-3]"""
    assert online_again_at(ago(24, 10, 0), NOW, LIMITS) is None


def test_the_cool_down_ends_by_itself():
    """At the last moment it holds, at its end it is over. [V-3]"""
    tries = ago(3, 2, 1)
    end = NOW - HOUR + timedelta(hours=72)
    assert online_again_at(tries, end - timedelta(seconds=1), LIMITS) == end
    assert online_again_at(tries, end, LIMITS) is None


def test_tries_left_says_how_many():
    """Used tries of the last 24 hours are taken off; none are left while the cool-down runs. [V-3]"""
    assert tries_left((), NOW, LIMITS) == 3
    assert tries_left(ago(25, 2), NOW, LIMITS) == 2
    assert tries_left(ago(60, 59, 58), NOW, LIMITS) == 0


@given(st.lists(st.integers(0, 96 * 60), max_size=12))
def test_no_string_of_tries_gets_a_fourth_within_a_day(minutes):
    """Whoever asks whenever they may never asks a fourth time within 24 hours. [V-3]"""
    made = []
    for minute in sorted(minutes):
        now = NOW + timedelta(minutes=minute)
        if may_ask_online(replace(CONSENTED, tries=tuple(made)), now, LIMITS):
            made.append(now)
    for first, fourth in zip(made, made[3:], strict=False):
        assert fourth - first >= timedelta(hours=24)


def test_asking_needs_consent_to_the_present_terms():
    """Nothing is sent to a vendor before its terms were accepted, in their current version. [V-2]"""
    assert (
        may_ask_online(replace(CONSENTED, state=None, consented_version=""), NOW, LIMITS).because
        is Refusal.NO_CONSENT
    )
    assert (
        may_ask_online(replace(CONSENTED, consented_version="0"), NOW, LIMITS).because is Refusal.NO_CONSENT
    )


def test_a_proofed_person_is_not_asked_again():
    """Passed once, it stays. [V-1]"""
    facts = replace(CONSENTED, is_proofed=True)
    assert may_consent(facts).because is Refusal.ALREADY_VERIFIED
    assert may_ask_online(facts, NOW, LIMITS).because is Refusal.ALREADY_VERIFIED
    assert place(facts, NOW, LIMITS) is Place.VERIFIED


@pytest.mark.parametrize("change", [{"void_fits_facts": True}, {"is_us_address": False}])
def test_whom_only_people_can_help_is_sent_to_the_desk(change):
    """A number that is another's, and an address abroad, lead to the same page. [A-5, A-8]"""
    facts = replace(CONSENTED, **change)
    assert may_consent(facts).because is Refusal.HELP_DESK_ONLY
    assert place(facts, NOW, LIMITS) is Place.BY_HAND


def test_after_the_call_asking_needs_no_online_try():
    """The phone path stays open when the online tries are used up. [V-4]"""
    facts = replace(CALLED, tries=ago(3, 2, 1))
    assert may_ask_online(facts, NOW, LIMITS).because is Refusal.TRIES_EXHAUSTED
    assert may_ask_by_reference(facts, NOW, LIMITS)
    assert place(facts, NOW, LIMITS) is Place.CALL


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        (CONSENTED, Refusal.REFERENCE_MISSING),
        (replace(CALLED, state=State.NOT_VERIFIED), Refusal.REFERENCE_MISSING),
        (replace(CALLED, reference=replace(LIVE, fits_facts=False)), Refusal.FACTS_CHANGED),
        (replace(CALLED, reference=replace(LIVE, expires_at=NOW)), Refusal.REFERENCE_EXPIRED),
        (replace(CALLED, checks=(NOW - HOUR,) * 10), Refusal.REFERENCE_CHECKS_EXHAUSTED),
    ],
)
def test_a_reference_that_does_not_hold_is_refused(facts, refusal):
    """Missing, of other facts, run out, or asked about too often. [V-4]"""
    assert may_ask_by_reference(facts, NOW, LIMITS).because is refusal


def test_a_reference_can_be_asked_about_again_when_the_window_moves_on():
    """The eleventh question waits until the first is a day old. [V-4]"""
    checks = tuple(NOW - minutes * timedelta(minutes=1) for minutes in range(10, 0, -1))
    refusal = may_ask_by_reference(replace(CALLED, checks=checks), NOW, LIMITS)
    until = checks[0] + timedelta(hours=24)
    assert refusal.facts == {"until": until}
    later = replace(CALLED, checks=checks, reference=replace(LIVE, expires_at=until + HOUR))
    assert may_ask_by_reference(later, until, LIMITS)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (replace(CONSENTED, state=None, consented_version=""), Place.CONSENT),
        (CONSENTED, Place.DETAILS),
        (CALLED, Place.CALL),
        (replace(CALLED, reference=replace(LIVE, expires_at=NOW)), Place.DETAILS),
        (replace(CALLED, reference=replace(LIVE, fits_facts=False)), Place.DETAILS),
        (replace(CONSENTED, state=State.NOT_VERIFIED), Place.BY_HAND),
        (replace(CONSENTED, tries=ago(3, 2, 1)), Place.BY_HAND),
    ],
)
def test_each_standing_has_its_page(facts, expected):
    """Where a person stands decides the page, whenever they come back. [V-4]"""
    assert place(facts, NOW, LIMITS) is expected
