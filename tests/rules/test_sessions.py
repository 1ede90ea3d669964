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
    Standing,
    fresh_proofs,
    is_fresh,
    is_live,
    level_of,
    methods_after,
    passed,
    stage_after,
    weakened,
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


def test_a_factor_of_the_future_is_not_fresh():
    """After the clock was set back it would count for longer than it may. [S-6]"""
    about = {"within": 15 * MINUTE, "now": NOON}
    assert is_fresh(NOON, **about)
    assert not is_fresh(NOON + MINUTE, **about)
    assert fresh_proofs({"totp": NOON.isoformat(), "email": (NOON + MINUTE).isoformat()}, **about) == ["totp"]


def test_each_factor_keeps_the_time_of_its_own_proof():
    """A later one does not take an earlier one's place, and the same one again is newer. [S-6]"""
    once = passed({}, Factor.TOTP, now=NOON)
    twice = passed(once, Factor.EMAIL, now=NOON + MINUTE)
    assert twice == {"totp": NOON.isoformat(), "email": (NOON + MINUTE).isoformat()}
    assert passed(twice, Factor.TOTP, now=NOON + 2 * MINUTE)["totp"] == (NOON + 2 * MINUTE).isoformat()


def test_a_proof_is_fresh_by_itself():
    """The strong one of long ago lends nothing to the weak one of now; the edge is over. [S-6, AX05]"""
    proofs = {"totp": NOON.isoformat(), "email": (NOON + 10 * MINUTE).isoformat()}
    assert fresh_proofs(proofs, within=15 * MINUTE, now=NOON + 14 * MINUTE) == ["totp", "email"]
    assert fresh_proofs(proofs, within=15 * MINUTE, now=NOON + 15 * MINUTE) == ["email"]
    assert fresh_proofs(proofs, within=15 * MINUTE, now=NOON + 26 * MINUTE) == []


def strong(stage: Stage = Stage.FULL, *factors: Factor) -> Standing:
    """A session in which these were passed, after the password."""
    proofs, amr, acr = {}, ["pwd"], ""
    for factor in factors:
        proofs, amr = passed(proofs, factor, now=NOON), methods_after(amr, factor)
        acr = level_of(factor, reached=acr)
    return Standing(proofs, acr or ACR_LIMITED, amr, stage)


def test_a_session_is_worth_what_is_left_of_its_factors():
    """Without the passkey it is one of an authenticator; the password stays. [S-3, S-6]"""
    both = strong(Stage.FULL, Factor.TOTP, Factor.PASSKEY)
    left = weakened(both, ["email", "totp"])
    assert left == Standing({"totp": NOON.isoformat()}, ACR_MFA, ["pwd", "otp", "mfa"], Stage.FULL)
    assert weakened(both, ["email", "totp", "passkey"]) == both


def test_a_session_without_its_factors_is_a_limited_one_where_others_are_left():
    """Signed in by a passkey that is gone, while an authenticator is there: S-2 as for a code by mail. [S-2, S-3]"""
    left = weakened(strong(Stage.FULL, Factor.EMAIL, Factor.PASSKEY), ["email", "totp"])
    assert (left.stage, left.acr, left.amr) == (Stage.LIMITED, ACR_LIMITED, ["pwd", "email"])


def test_a_session_by_mail_stays_full_where_mail_is_all_there_is():
    """Nothing stronger is left that it would have to be measured by. [S-2]"""
    left = weakened(strong(Stage.FULL, Factor.EMAIL, Factor.TOTP), ["email"])
    assert (left.stage, left.acr, left.amr) == (Stage.FULL, ACR_LIMITED, ["pwd", "email"])
    assert weakened(strong(Stage.PASSWORD), ["email", "totp"]).stage is Stage.PASSWORD
    assert weakened(strong(Stage.LIMITED, Factor.EMAIL), ["email", "totp"]).stage is Stage.LIMITED
