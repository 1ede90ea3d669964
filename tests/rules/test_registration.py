"""User IDs and the order of steps as rules see them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.registration import (
    STEP_NAMED,
    STEPS,
    Refusal,
    furthest,
    is_open,
    may_be_abroad,
    user_id_objections,
)

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


@pytest.mark.parametrize(
    ("step", "needs"), [("personal", set()), ("contact", {"personal"}), ("password", {"personal", "contact"})]
)
def test_a_step_opens_after_all_that_it_needs(step, needs):
    """And not while one of them is missing. [R-1, AX02]"""
    assert is_open(STEP_NAMED[step], frozenset(needs))
    for missing in needs:
        assert not is_open(STEP_NAMED[step], frozenset({"personal", "contact"} - {missing}))


def test_the_last_step_forgets_its_secrets():
    """Password and answer are never kept. [R-1]"""
    assert set(STEP_NAMED["password"].forgets) == {"password", "password_again", "answer"}


def test_a_user_id_of_the_wrong_length_is_told_both_bounds():
    """6 and 74. [R-3]"""
    refused = next(user_id_objections("robin", EMAIL, LIMITS))
    assert (refused.because, refused.facts) == (Refusal.USER_ID_LENGTH, {"least": 6, "most": 74})


@pytest.mark.parametrize(
    "name", ["us", "U.S.A.", "United States", "united states of america", "America", "The USA"]
)
def test_no_name_of_the_united_states_is_abroad(name):
    """Its addresses have the form of one at home. [A-8]"""
    assert may_be_abroad(name).because is Refusal.COUNTRY_IS_US


@pytest.mark.parametrize("name", ["Samoa", "Mexico", "The Netherlands", "United Arab Emirates"])
def test_any_other_country_is_abroad(name):
    """Whatever its form of address. [A-8]"""
    assert may_be_abroad(name)
