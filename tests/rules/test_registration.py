"""User IDs and the order of steps as rules see them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.registration import STEP_NAMED, STEPS, Refusal, furthest, is_open, user_id_objections

LIMITS = Limits()
EMAIL = "robin@example.org"


def reasons(user_id: str) -> list[Refusal]:
    return [objection.because for objection in user_id_objections(user_id, EMAIL, LIMITS)]


@pytest.mark.parametrize("user_id", ["robin1", "r.o-b_i'n", "ROBIN@example.org", "a" * 74, "robin12345678"])
def test_good_user_ids(user_id):
    """Letters, digits, - _ ' . between them, or the own e-mail address. [R-3]"""
    assert reasons(user_id) == []


@pytest.mark.parametrize(
    ("user_id", "reason"),
    [
        ("robin", Refusal.USER_ID_LENGTH),
        ("a" * 75, Refusal.USER_ID_LENGTH),
        ("rob in", Refusal.USER_ID_SIGNS),
        ("röbin1", Refusal.USER_ID_SIGNS),
        ("robin\n", Refusal.USER_ID_SIGNS),
        ("123-456", Refusal.USER_ID_NEEDS_LETTER),
        (".robin", Refusal.USER_ID_ENDS),
        ("robin-", Refusal.USER_ID_ENDS),
        ("ro--bin", Refusal.USER_ID_DOUBLE_SIGN),
        ("ro._bin", Refusal.USER_ID_DOUBLE_SIGN),
        ("r123456789", Refusal.USER_ID_NINE_DIGITS),
        ("r123-45-6789", Refusal.USER_ID_NINE_DIGITS),
        ("other@example.org", Refusal.USER_ID_FOREIGN_EMAIL),
        ("robin@home", Refusal.USER_ID_FOREIGN_EMAIL),
    ],
)
def test_bad_user_ids_name_their_reason(user_id, reason):
    """Each rule has its own sentence. [R-3]"""
    assert reason in reasons(user_id)


@given(st.text(max_size=90))
def test_any_text_is_judged(user_id):
    """No text breaks the rules. [R-3]"""
    assert isinstance(reasons(user_id), list)


def test_no_step_can_be_skipped():
    """The next step opens only after all before it. [R-1, AX02]"""
    assert furthest(frozenset()).name == "personal"
    assert furthest(frozenset({"personal"})).name == "contact"
    assert furthest(frozenset({"contact"})).name == "personal"
    assert furthest(frozenset({"personal", "contact"})) is STEPS[-1]
    assert not is_open(STEP_NAMED["password"], frozenset({"personal"}))


def test_the_last_step_forgets_its_secrets():
    """Password and answer are never kept. [R-1]"""
    assert set(STEP_NAMED["password"].forgets) == {"password", "password_again", "answer"}
