"""Passwords as rules see them."""

from datetime import UTC, datetime, timedelta

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
    may_change,
    objections,
)

LIMITS = Limits()
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROBIN = Owner(user_id="robin.lee", first="Robin", last="Li")
GOOD = "Quiet-Lantern-Meadow-7"


def reasons(password: str, *, owner: Owner = ROBIN, is_common: bool = False) -> list[Refusal]:
    return [objection.because for objection in objections(password, owner, LIMITS, is_common=is_common)]


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


def test_short_names_are_no_objection():
    """A name of two letters may stand in the password. [P-2]"""
    assert reasons("Quiet-Liberty-Meadow-7") == []


def test_the_list_is_an_objection():
    """What the list of leaked passwords knows is refused. [P-2]"""
    assert reasons(GOOD, is_common=True) == [Refusal.IS_COMMON]


def test_common_words_in_disguise_are_looked_up():
    """Digits and signs around a word, and 0 for o, do not hide it. [P-2]"""
    assert "password" in common_forms("123-Password-2024!")
    assert "password" in common_forms("p4$$w0rd2024!!!")
    assert common_forms("7!7!7!7!") == ["7!7!7!7!"]


@given(st.text(max_size=80))
def test_any_text_is_judged(password: str):
    """No text breaks the rules. [P-2]"""
    assert isinstance(reasons(password), list)
    assert isinstance(has_repeat(password) or has_run(password), bool)


def test_once_in_24_hours():
    """The holder changes the password again when a day has passed, to the second. [P-4]"""
    assert may_change(None, NOON, LIMITS)
    assert not may_change(NOON, NOON + timedelta(hours=24, seconds=-1), LIMITS)
    assert may_change(NOON, NOON + timedelta(hours=24), LIMITS)
