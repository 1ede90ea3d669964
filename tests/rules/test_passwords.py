"""Passwords as rules see them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.passwords import (
    Owner,
    Refusal,
    common_forms,
    has_repeat,
    has_run,
    is_expired,
    may_change,
    objections,
)
from bailiwick.idm.rules.profiles import STANDARD, STRICT, Profile, limits_under

LIMITS = Limits()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROBIN = Owner(user_id="robin.lee", first="Robin", last="Li")
GOOD = "Quiet-Lantern-Meadow-7"


def reasons(
    password: str, *, owner: Owner = ROBIN, is_common: bool = False, profile: Profile = STANDARD
) -> list[Refusal]:
    found = objections(password, owner, limits_under(profile), profile, is_common=is_common)
    return [objection.because for objection in found]


def test_a_good_password_meets_no_objection():
    """15 to 60 characters, both cases and a digit; specials are optional. [P-1]"""
    assert reasons(GOOD) == []
    assert reasons("QuietLanternMeadow7") == []


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("Quiet-Lantern7"[:14], Refusal.TOO_SHORT),
        ("Quiet-Lantern-7" * 5, Refusal.TOO_LONG),
        ("quiet-lantern-meadow-7", Refusal.NEEDS_UPPER),
        ("QUIET-LANTERN-MEADOW-7", Refusal.NEEDS_LOWER),
        ("Quiet-Lantern-Meadow", Refusal.NEEDS_DIGIT),
        ("Quiet-rObI-Meadow-7", Refusal.HAS_USER_ID),
        ("Quiet-n.le-Meadow-7", Refusal.HAS_USER_ID),
        ("Quiet-Robin-Meadow-7", Refusal.HAS_NAME),
        ("Quiet-Laaaantern-7", Refusal.HAS_REPEAT),
        ("Lantern7Lantern7", Refusal.HAS_REPEAT),
        ("Quiet-Lantern-12345", Refusal.HAS_RUN),
        ("Quiet-Lantern-54321", Refusal.HAS_RUN),
        ("Quiet-Fghij-Meadow-7", Refusal.HAS_RUN),
        ("Quiet-trewq-Meadow-7", Refusal.HAS_RUN),
    ],
)
def test_each_objection_names_its_reason(password: str, reason: Refusal):
    """A refused password says why. [P-1, P-2]"""
    assert reason in reasons(password)


def test_lengths_are_exact():
    """15 and 60 are accepted, 14 and 61 are not. [P-1]"""
    long = "".join(f"{chr(97 + at % 26)}{at % 7}Z-" for at in range(0, 60, 4))[:60]
    assert Refusal.TOO_LONG not in reasons(long)
    assert Refusal.TOO_LONG in reasons(long + "x")
    assert Refusal.TOO_SHORT not in reasons("Quiet-Lantern-7")
    assert Refusal.TOO_SHORT in reasons("Quiet-Lanter-7")


def test_a_name_is_an_objection_from_three_letters_on():
    """One of two letters may stand in the password. [P-2]"""
    assert reasons("Quiet-Liberty-Meadow-7") == []
    other = Owner(user_id="avery.b", first="Li", last="Lib")
    assert reasons("Quiet-Liberty-Meadow-7", owner=other) == [Refusal.HAS_NAME]


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("Quiet-Robert-Meadow-7", id="three of the user ID, at its beginning"),
        pytest.param("Quiet-Sleepy-Meadow-7", id="three of the user ID, at its end"),
        pytest.param("Quiet-Laaantern-Meadow-7", id="three times the same"),
        pytest.param("Quiet-Lantern-Meadow-1234", id="four of the digits in a row"),
        pytest.param("Quiet-Qwer-Meadow-7", id="four of a row of keys"),
    ],
)
def test_what_is_one_short_of_an_objection_is_accepted(password: str):
    """The limits are exact. [P-2]"""
    assert reasons(password) == []


def test_the_last_four_of_the_user_id_are_four_like_any():
    """And the whole of one of four. [P-2]"""
    assert reasons("Quiet-.lee-Meadow-7") == [Refusal.HAS_USER_ID]
    short = Owner(user_id="lant", first="Li", last="Wu")
    assert reasons(GOOD, owner=short) == [Refusal.HAS_USER_ID]


def test_a_refused_password_names_the_number_it_missed():
    """The sentence can say it. [P-1, P-2]"""
    found = objections("Robi", ROBIN, LIMITS, STANDARD, is_common=False)
    facts = {objection.because: objection.facts for objection in found}
    assert facts[Refusal.TOO_SHORT] == {"least": 15}
    assert facts[Refusal.HAS_USER_ID] == {"count": 4}
    long = next(objections("Quiet-Lantern-7" * 5, ROBIN, LIMITS, STANDARD, is_common=False))
    assert (long.because, long.facts) == (Refusal.TOO_LONG, {"most": 60})


def test_the_list_is_an_objection():
    """What the list of leaked passwords knows is refused. [P-2]"""
    assert reasons(GOOD, is_common=True) == [Refusal.IS_COMMON]


def test_common_words_in_disguise_are_looked_up():
    """Digits and signs around a word, and 0 for o, do not hide it. [P-2]"""
    assert "password" in common_forms("123-Password-2024!")
    assert "password" in common_forms("p4$$w0rd2024!!!")
    assert common_forms("7!7!7!7!") == ["7!7!7!7!"]


def test_a_core_is_looked_up_from_four_letters_on():
    """What is shorter is no word that the list could know. [P-2]"""
    assert "lamp" in common_forms("22-Lamp-22")
    assert common_forms("22-Lam-22") == ["22-lam-22"]


@given(st.text(max_size=80))
def test_any_text_is_judged(password: str):
    """No text breaks the rules. [P-2]"""
    assert isinstance(reasons(password), list)
    assert isinstance(has_repeat(password) or has_run(password), bool)


def test_once_in_24_hours():
    """The holder changes the password again when a day has passed, to the second. [P-4]"""
    assert may_change(None, NOON, LIMITS, STANDARD)
    assert not may_change(NOON, NOON + timedelta(hours=24, seconds=-1), LIMITS, STANDARD)
    assert may_change(NOON, NOON + timedelta(hours=24), LIMITS, STANDARD)


def test_whoever_changes_too_early_is_told_until_when():
    """24 hours after the last change. [P-4]"""
    refused = may_change(NOON, NOON + timedelta(hours=1), LIMITS, STANDARD)
    assert (refused.because, refused.facts) == (Refusal.CHANGED_TODAY, {"until": NOON + timedelta(hours=24)})


def test_the_strict_profile_has_no_rules_of_composition():
    """Length, names, user ID and the list stay; kinds of character do not matter. [P-1, P-2]"""
    assert reasons("quiet lantern meadow", profile=STRICT) == []
    assert reasons("quiet lantern meadow " * 5 + "end", profile=STRICT) == []
    assert Refusal.TOO_SHORT in reasons("quiet lantern", profile=STRICT)
    assert Refusal.IS_COMMON in reasons("quiet lantern meadow", profile=STRICT, is_common=True)
    assert Refusal.HAS_NAME in reasons("quiet robin lantern meadow", profile=STRICT)


def test_the_strict_profile_lets_a_password_be_changed_at_any_time():
    """No once-a-day rule. [P-4]"""
    assert may_change(NOON, NOON + timedelta(seconds=1), LIMITS, STRICT)


NEW_YORK = ZoneInfo("America/New_York")


def expired(days: float, *, set_days: float | None = None, profile: Profile = STANDARD) -> bool:
    set_at = NOON + timedelta(days=set_days) if set_days is not None else NOON - timedelta(days=90)
    return is_expired(
        NOON, set_at, now=NOON + timedelta(days=days), limits=LIMITS, profile=profile, zone=NEW_YORK
    )


def test_sixty_full_days_without_a_sign_in_expire_a_password():
    """At day 60: from 00:00 where the deployment is, after 60 full days. [P-5]"""
    assert not expired(60)
    midnight = datetime(2026, 5, 2, 4, tzinfo=UTC)  # 00:00 in New York on the day after the 60th
    assert not expired((midnight - NOON - timedelta(seconds=1)) / timedelta(days=1))
    assert expired((midnight - NOON) / timedelta(days=1))


def test_a_password_that_was_set_meanwhile_is_not_expired():
    """The 60 days count from the later of the last sign-in and the reset. [P-5]"""
    assert expired(70)
    assert not expired(70, set_days=69)


def test_no_password_expires_under_the_strict_profile_or_before_the_first_sign_in():
    """Nothing expires by time alone under strict; unproven accounts are discarded instead. [P-5, R-5]"""
    assert not expired(600, profile=STRICT)
    later = NOON + timedelta(days=600)
    assert not is_expired(None, NOON, now=later, limits=LIMITS, profile=STANDARD, zone=NEW_YORK)
