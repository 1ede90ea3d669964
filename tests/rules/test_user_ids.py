"""What a user ID may be, for any text at all. [R-3]"""

import re
import string

from hypothesis import assume, given
from hypothesis import strategies as st

from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.registration import (
    Refusal,
    is_same_mailbox,
    may_be_abroad,
    names_a_mailbox,
    user_id_objections,
)

LIMITS = Limits()
LETTERS_AND_DIGITS = string.ascii_letters + string.digits
SPECIALS = "-_'."
OWN = "robin.larkspur@mail.example"
near = st.text(alphabet=LETTERS_AND_DIGITS + SPECIALS + "@ é\u212a\u0660", max_size=80)
anything = st.one_of(st.text(max_size=80), near)


def codes(user_id: str, own: str = OWN) -> set[Refusal]:
    return {objection.because for objection in user_id_objections(user_id, own, LIMITS)}


@st.composite
def fitting(draw: st.DrawFn) -> str:
    """Runs of letters and digits with one special between them, a letter among them, never nine digits."""
    runs = draw(
        st.lists(st.text(alphabet=LETTERS_AND_DIGITS, min_size=1, max_size=8), min_size=1, max_size=8)
    )
    joined = runs[0]
    for run in runs[1:]:
        joined += draw(st.sampled_from(SPECIALS)) + run
    assume(6 <= len(joined) <= 74)
    assume(any(sign in string.ascii_letters for sign in joined))
    assume(not re.search(r"\d{9}", re.sub(r"(?<=\d)[-_'.](?=\d)", "", joined)))
    return joined


@given(fitting())
def test_what_fits_is_never_objected_to(user_id: str):
    """Letters, digits and single specials between them, with a letter and no nine digits. [R-3]"""
    assert codes(user_id) == set()


@given(anything)
def test_what_passes_fits_the_rule_word_by_word(user_id: str):
    """Whatever is not objected to has every property that the rule names. [R-3]"""
    if codes(user_id):
        return
    assert 6 <= len(user_id) <= 74
    assert user_id.isascii()
    assert any(sign in string.ascii_letters for sign in user_id)
    assert user_id[0] in LETTERS_AND_DIGITS
    assert user_id[-1] in LETTERS_AND_DIGITS
    assert not re.search(r"[^A-Za-z0-9]{2}", user_id)
    assert set(user_id) <= set(LETTERS_AND_DIGITS + SPECIALS + "@")
    assert not re.search(r"(\d[-_'.]?){8}\d", user_id)
    assert "@" not in user_id or user_id.lower() == OWN.lower()


@given(anything)
def test_case_decides_nothing(user_id: str):
    """A user ID in capitals meets the same objections. [R-3]"""
    assume(user_id.isascii())
    assert codes(user_id.upper()) == codes(user_id.lower())


@given(st.text(alphabet=string.digits, min_size=9, max_size=9), st.lists(st.sampled_from(["", *SPECIALS])))
def test_nine_digits_are_found_through_any_separators(digits: str, between: list[str]):
    """A social security number does not become a user ID, however it is written. [R-3, A-3]"""
    separators = (between + [""] * 8)[:8]
    written = "".join(digit + separator for digit, separator in zip(digits, [*separators, ""], strict=True))
    assert Refusal.USER_ID_NINE_DIGITS in codes(f"a{written}z")


@given(st.emails())
def test_an_at_sign_needs_the_own_address(email: str):
    """Somebody else's mailbox is never one's user ID, whatever else is right with it. [R-3]"""
    assume(email.lower() != OWN)
    assert Refusal.USER_ID_FOREIGN_EMAIL in codes(email)
    assert names_a_mailbox(email)
    if email.isascii():
        assert Refusal.USER_ID_FOREIGN_EMAIL not in codes(email.upper(), own=email)


def test_a_look_alike_of_a_letter_is_another_mailbox():
    """Signs that only fold to a plain letter (Kelvin sign, long s) give nobody another's address. [R-3, AX10]"""
    for other in ("\u212aim@mail.example", "\u017fam@mail.example"):
        plain = other.casefold()
        assert plain.isascii()
        assert not is_same_mailbox(plain, other)
        assert Refusal.USER_ID_FOREIGN_EMAIL in codes(plain, own=other)


def test_the_united_states_are_not_abroad_by_any_name():
    """A country that would turn an address abroad into one at home is refused. [A-8]"""
    for name in ("US", "u.s.a.", "United States", "The United States of America"):
        assert not may_be_abroad(name)
    for name in ("Canada", "United Kingdom", "Ukraine", "Österreich"):
        assert may_be_abroad(name)
