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
    code_life,
    counter_moves_on,
    email_verifies,
    in_groups,
    is_running_low,
    is_strong_enough,
    matching_step,
    may_add,
    may_send_code,
    may_step_up,
    may_still_match,
    must_add_factor,
    normalized_recovery_code,
    signs_in_limited,
    step_of,
    strongest,
)
from bailiwick.idm.rules.limits import Limits

LIMITS = Limits()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSKEY, TOTP, RECOVERY = FactorKind.PASSKEY, FactorKind.TOTP, FactorKind.RECOVERY
SMS, VOICE, EMAIL = FactorKind.SMS, FactorKind.VOICE, FactorKind.EMAIL


def seconds(number: int) -> datetime:
    return NOON + timedelta(seconds=number)


def test_every_state_of_a_code_has_its_row():
    """Each state is in the table, and whatever leads out leads to a state. [S-2]"""
    assert set(CODE_STEPS) == set(CodeState)
    assert {event for row in CODE_STEPS.values() for event in row} == set(CodeEvent)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([], EMAIL),
        ([EMAIL, RECOVERY], EMAIL),
        ([EMAIL, VOICE], VOICE),
        ([VOICE, SMS], SMS),
        ([SMS, TOTP, RECOVERY], TOTP),
        ([TOTP, PASSKEY, SMS], PASSKEY),
    ],
)
def test_the_strongest_of_what_is_held(held, expected):
    """Passkey, app, phone, mail; codes on paper are no measure of an account. [S-3, S-6]"""
    assert strongest(held) is expected


@pytest.mark.parametrize("used", list(FactorKind))
@pytest.mark.parametrize("other", [SMS, VOICE, TOTP, PASSKEY])
def test_mail_signs_in_limited_where_there_is_a_device(used, other):
    """The first sign-in is full, later ones by mail are limited; no other kind ever is. [S-2]"""
    assert signs_in_limited(used, [other]) is (used is EMAIL)
    assert signs_in_limited(used, []) is False


@pytest.mark.parametrize(
    ("strongest_held", "enough"),
    [
        (EMAIL, {EMAIL, SMS, VOICE, RECOVERY, TOTP, PASSKEY}),
        (SMS, {SMS, VOICE, RECOVERY, TOTP, PASSKEY}),
        (VOICE, {SMS, VOICE, RECOVERY, TOTP, PASSKEY}),
        (TOTP, {RECOVERY, TOTP, PASSKEY}),
        (PASSKEY, {PASSKEY}),
    ],
)
def test_a_step_up_is_as_strong_as_the_strongest(strongest_held, enough):
    """A weaker factor is refused, a recovery code where there is a passkey. [S-6, AX05]"""
    for used in FactorKind:
        ruling = may_step_up(used, [strongest_held, RECOVERY])
        assert bool(ruling) is (used in enough), used
        assert ruling or ruling.because is Refusal.FACTOR_TOO_WEAK


def test_a_session_is_measured_by_what_is_held_now():
    """What was enough at the sign-in is not, once something stronger was added. [S-6, AX05]"""
    assert is_strong_enough(["pwd", "otp", "mfa"], [TOTP])
    assert not is_strong_enough(["pwd", "sms", "mfa"], [TOTP, SMS])
    assert not is_strong_enough(["pwd", "otp", "mfa"], [TOTP, PASSKEY])
    assert is_strong_enough(["hwk", "mfa"], [TOTP, PASSKEY])
    assert not is_strong_enough(["pwd"], [])


def test_strict_takes_mail_for_the_first_sign_in_only():
    """Under "strict" mail serves where there is nothing else, and a device is added next. [S-2]"""
    assert must_add_factor([EMAIL], may_be_email_only=False)
    assert not must_add_factor([EMAIL], may_be_email_only=True)
    assert not must_add_factor([TOTP], may_be_email_only=False)
    assert email_verifies([], may_be_email_only=False)
    assert not email_verifies([SMS], may_be_email_only=False)
    assert email_verifies([SMS], may_be_email_only=True)


def test_codes_live_as_long_as_their_channel_allows():
    """Ten minutes by phone, thirty by mail. [numbers]"""
    assert code_life(SMS, LIMITS) == code_life(VOICE, LIMITS) == timedelta(minutes=10)
    assert code_life(EMAIL, LIMITS) == timedelta(minutes=30)


def test_a_passkeys_counter_only_grows():
    """A counter that stands still or falls is a copy of the key; 0 for ever is a passkey that keeps none. [S-3]"""
    assert counter_moves_on(0, 0)
    assert counter_moves_on(0, 1)
    assert counter_moves_on(7, 8)
    assert not counter_moves_on(7, 7)
    assert not counter_moves_on(7, 6)
    assert not counter_moves_on(7, 0)


def test_recovery_codes_are_typed_as_people_type():
    """Case, hyphens, spaces and look-alikes do not matter. [S-3]"""
    assert normalized_recovery_code(" abcd-efgh oil0-1234 ") == "ABCDEFGH01101234"
    assert in_groups("ABCDEFGH01101234") == "ABCD-EFGH-0110-1234"
    assert normalized_recovery_code("é🔑") == ""


def test_few_recovery_codes_are_warned_of():
    """From three left on. [S-3]"""
    assert [is_running_low(left, LIMITS) for left in (4, 3, 0)] == [False, True, True]


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


@pytest.mark.parametrize(("kind", "most"), [(SMS, 1), (VOICE, 1), (TOTP, 2), (PASSKEY, 5)])
def test_how_many_of_each_kind(kind, most):
    """One phone for texts, one for calls, two authenticators, five passkeys. [S-4]"""
    assert may_add(kind, {kind: most - 1}, LIMITS)
    full = may_add(kind, {kind: most}, LIMITS)
    assert (full.because, full.facts) == (Refusal.FACTORS_FULL, {"most": most})


def test_recovery_codes_stand_in_for_a_device():
    """They are made beside a device, any number of times; e-mail is never added. [S-3, S-4]"""
    assert may_add(RECOVERY, {}, LIMITS).because is Refusal.DEVICE_FIRST
    assert may_add(RECOVERY, {EMAIL: 1}, LIMITS).because is Refusal.DEVICE_FIRST
    for device in (SMS, VOICE, TOTP, PASSKEY):
        assert may_add(RECOVERY, {device: 1, RECOVERY: 1}, LIMITS)
    assert may_add(EMAIL, {}, LIMITS).because is Refusal.FACTOR_NOT_OFFERED


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
