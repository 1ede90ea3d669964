"""Second factors as rules see them."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.factors import (
    CODE_STEPS,
    CodeEvent,
    CodeFacts,
    CodeState,
    FactorKind,
    Refusal,
    matching_step,
    may_add_authenticator,
    may_send_code,
    may_step_up,
    may_still_match,
    signs_in_limited,
    step_of,
    strongest,
)
from bailiwick.idm.rules.limits import Limits

LIMITS = Limits()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
EMAIL, TOTP = FactorKind.EMAIL, FactorKind.TOTP


def seconds(number: int) -> datetime:
    return NOON + timedelta(seconds=number)


def test_every_state_of_a_code_has_its_row():
    """Each state is in the table, and whatever leads out leads to a state. [S-2]"""
    assert set(CODE_STEPS) == set(CodeState)
    assert {event for row in CODE_STEPS.values() for event in row} == set(CodeEvent)


def test_an_app_is_stronger_than_mail():
    """Strongest first; mail is always there. [S-3, S-6]"""
    assert strongest([]) is EMAIL
    assert strongest([EMAIL, TOTP]) is TOTP


@pytest.mark.parametrize(
    ("used", "held", "is_limited"),
    [(EMAIL, [], False), (EMAIL, [TOTP], True), (TOTP, [TOTP], False)],
)
def test_mail_signs_in_limited_where_there_is_an_app(used, held, is_limited):
    """The first sign-in is full, later ones by mail are limited. [S-2]"""
    assert signs_in_limited(used, held) is is_limited


def test_a_step_up_is_as_strong_as_the_strongest():
    """Mail suffices only where there is nothing else. [S-6]"""
    assert may_step_up(EMAIL, [])
    assert may_step_up(EMAIL, [TOTP]).because is Refusal.FACTOR_TOO_WEAK
    assert may_step_up(TOTP, [TOTP])


def test_a_code_has_a_life_and_three_looks():
    """Used, void, old or tried three times: no match. [S-2]"""
    live = CodeFacts(CodeState.LIVE, tries=0, expires_at=seconds(1800))
    assert may_still_match(live, seconds(1799), LIMITS)
    assert not may_still_match(live, seconds(1800), LIMITS)
    for state, tries in ((CodeState.USED, 0), (CodeState.VOID, 0), (CodeState.LIVE, 3)):
        assert not may_still_match(CodeFacts(state, tries, seconds(1800)), NOON, LIMITS)


def test_codes_are_spaced_and_counted():
    """30 seconds apart, five an hour. [S-2]"""
    assert may_send_code([], None, NOON, LIMITS)
    soon = may_send_code([NOON], NOON, seconds(29), LIMITS)
    assert (soon.because, soon.facts) == (Refusal.CODE_TOO_SOON, {"seconds": 2})
    assert may_send_code([NOON], NOON, seconds(30), LIMITS)
    assert may_send_code([NOON], None, seconds(1), LIMITS)
    five = [seconds(60 * minute) for minute in range(5)]
    assert may_send_code(five, None, seconds(3599), LIMITS).because is Refusal.CODES_TOO_MANY
    assert may_send_code(five, None, seconds(3600), LIMITS)


def test_two_authenticators():
    """And not a third. [S-4]"""
    assert may_add_authenticator(1, LIMITS)
    assert may_add_authenticator(2, LIMITS).because is Refusal.FACTORS_FULL


@given(st.integers(-4, 4))
def test_one_step_of_drift(steps: int):
    """The step before, the present one and the next are accepted. [S-3]"""
    typed = pyotp.TOTP(SECRET).at(NOON + timedelta(seconds=30 * steps))
    found = matching_step(SECRET, typed, last_step=0, now=NOON, limits=LIMITS)
    assert (found is not None) is (abs(steps) <= 1)


def test_a_used_step_is_passed():
    """Nothing up to the last used step matches. [S-3, AX07]"""
    typed, present = pyotp.TOTP(SECRET).at(NOON), step_of(NOON, LIMITS)
    assert matching_step(SECRET, typed, last_step=present - 1, now=NOON, limits=LIMITS) == present
    assert matching_step(SECRET, typed, last_step=present, now=NOON, limits=LIMITS) is None
