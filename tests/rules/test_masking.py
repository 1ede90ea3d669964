"""What is left to see of a value that is not the reader's own (A-3, H-3)."""

import pytest

from bailiwick.ground.rulings.masking import masked_email, masked_phone
from bailiwick.idm.rules.masking import last_five


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("robin@mail.example", "r•••@mail.example"),
        ("r@mail.example", "r•••@mail.example"),
        ("", ""),
        ("nobody", ""),
    ],
)
def test_an_email_keeps_its_first_letter_and_its_domain(address, shown):
    """Enough to confirm, not enough to write to. [H-3]"""
    assert masked_email(address) == shown


def test_a_phone_keeps_its_last_two_digits():
    """Whatever its length. [H-3]"""
    assert masked_phone("2025550101") == "•••01"
    assert masked_phone("") == ""


def test_staff_see_the_last_five_digits_of_an_ssn():
    """And nothing where there is none. [A-3, H-3]"""
    assert last_five("900571234") == "•••-•7-1234"
    assert last_five("123456789") == "•••-•5-6789"
    assert last_five("") == ""
