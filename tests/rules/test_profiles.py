"""The two policies (P-1, P-4, P-5, P-10, S-2)."""

from dataclasses import fields

from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.profiles import (
    MEANINGS,
    PROFILES,
    STANDARD,
    STRICT,
    Profile,
    differences,
    limits_under,
)


def test_the_standard_profile_is_what_the_rules_say():
    """Its numbers are the deployment's. [P-1]"""
    assert limits_under(STANDARD) == Limits()
    assert all(getattr(STANDARD, field.name) for field in fields(Profile))


def test_the_strict_profile_accepts_at_least_64_characters():
    """And asks for no kinds of character, no question, no change by time. [P-1, P-4, P-5, P-10, S-2]"""
    assert limits_under(STRICT).password_longest >= 64
    assert limits_under(STRICT).password_shortest == limits_under(STANDARD).password_shortest
    flags = [field.name for field in fields(Profile) if isinstance(getattr(STRICT, field.name), bool)]
    assert not any(getattr(STRICT, name) for name in flags)


def test_every_difference_is_explained():
    """The page in the documents has a line for each field. [P-1]"""
    assert {field.name for field in fields(Profile)} == {"name", *MEANINGS}
    assert len(differences()) == len(MEANINGS)
    assert set(PROFILES) == {"standard", "strict"}


def test_the_page_shows_both_values_of_every_field():
    """A number as a number, a yes or no as a word, the standard first. [P-1, P-4, P-5, P-10, S-2]"""
    shown = [(rule, standard, strict) for rule, _meaning, standard, strict, _why in differences()]
    assert shown == [
        ("P-1", "yes", "no"),
        ("P-1", "60", "128"),
        ("P-4", "yes", "no"),
        ("P-5", "yes", "no"),
        ("P-10", "yes", "no"),
        ("S-2", "yes", "no"),
    ]
