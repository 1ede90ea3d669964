"""When a session lives and how strong it is. (S-2, S-6, S-8)"""

from datetime import UTC, datetime, timedelta

import pytest

from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.sessions import (
    LEVEL_OF,
    METHOD_OF,
    Factor,
    Refusal,
    SessionTimes,
    Stage,
    is_fresh,
    is_live,
    level_of,
    methods_after,
    stage_after,
)
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA, ACR_PHISHING_RESISTANT

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIMITS = Limits()
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("age", "idle", "ended", "lives"),
    [
        (MINUTE, MINUTE, None, True),
        (60 * MINUTE, 30 * MINUTE - timedelta(seconds=1), None, True),
        (60 * MINUTE, 30 * MINUTE, None, False),
        (720 * MINUTE - timedelta(seconds=1), MINUTE, None, True),
        (720 * MINUTE, MINUTE, None, False),
        (MINUTE, MINUTE, NOON, False),
    ],
)
def test_a_session_lives_within_its_times(age, idle, ended, lives):
    """30 minutes idle, 12 hours in all. [S-8]"""
    ruling = is_live(SessionTimes(NOON - age, NOON - idle, ended), now=NOON, limits=LIMITS)
    assert bool(ruling) is lives
    assert lives or ruling.because is Refusal.SESSION_OVER


def test_every_factor_has_a_level_and_a_method():
    """No factor is without its acr and amr. [S-2]"""
    assert set(LEVEL_OF) == set(METHOD_OF) == set(Factor)
    assert len(set(METHOD_OF.values())) == len(Factor)


def test_a_code_by_email_is_the_weakest_and_a_passkey_the_strongest():
    """Limited, multi-factor, phishing-resistant. [S-2]"""
    assert level_of(Factor.EMAIL) == ACR_LIMITED
    assert level_of(Factor.TOTP) == ACR_MFA
    assert level_of(Factor.PASSKEY) == ACR_PHISHING_RESISTANT


def test_a_weaker_factor_lowers_nothing():
    """What was reached stays reached. [S-2]"""
    assert level_of(Factor.EMAIL, reached=ACR_MFA) == ACR_MFA
    assert level_of(Factor.TOTP, reached=ACR_PHISHING_RESISTANT) == ACR_PHISHING_RESISTANT
    assert level_of(Factor.TOTP, reached="") == ACR_MFA


def test_methods_are_each_named_once_and_mfa_last():
    """RFC 8176's words. [O-1]"""
    assert methods_after(["pwd"], Factor.EMAIL) == ["pwd", "email"]
    assert methods_after(["pwd"], Factor.TOTP) == ["pwd", "otp", "mfa"]
    assert methods_after(["pwd", "otp", "mfa"], Factor.TOTP) == ["pwd", "otp", "mfa"]
    assert methods_after(["pwd", "email"], Factor.SMS) == ["pwd", "email", "sms", "mfa"]
    assert methods_after([], Factor.PASSKEY) == ["hwk", "mfa"]


def test_only_another_factor_lifts_a_limited_session():
    """An e-mail code again changes nothing. [S-2]"""
    assert stage_after(Stage.LIMITED, Factor.EMAIL) is Stage.LIMITED
    assert stage_after(Stage.LIMITED, Factor.TOTP) is Stage.FULL
    assert stage_after(Stage.FULL, Factor.EMAIL) is Stage.FULL


def test_freshness_has_an_edge():
    """Within 15 minutes. [S-6]"""
    within = timedelta(minutes=15)
    assert not is_fresh(None, within=within, now=NOON)
    assert is_fresh(NOON - within + timedelta(seconds=1), within=within, now=NOON)
    assert not is_fresh(NOON - within, within=within, now=NOON)
