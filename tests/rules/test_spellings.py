"""When two names, two words, or two addresses are written differently and mean the same (A-5, A-8)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bailiwick.idm.rules.accounts import Address
from bailiwick.idm.rules.matching import Name, are_similar_addresses, are_similar_names, is_slip

HOME = Address("12 Larkspur Lane", "Orlando", "FL", "32801")


def named(text: str) -> Name:
    """The last word is the last name."""
    first, _, last = text.rpartition(" ")
    return Name(first, "", last, since=datetime(2025, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Katherine Brook", "Kathrine Brook", id="a slip in the first name"),
        pytest.param("Robin Larkspur", "Robin Larkspurr", id="a slip in the last name"),
        pytest.param("Zoë Quill", "Zoe Quill", id="an accent left out"),
        pytest.param("李 王", "李 王", id="another script"),
        pytest.param("Rob Quill", "Robert Quill", id="a short form of three letters"),
        pytest.param("Jo Ann Quill", "Joanne Quill", id="two given names run together"),
        pytest.param("Mary Ann Quill", "Ann Quill", id="the second given name is the one used"),
        pytest.param("Robin Lake-Meadow", "Robin Lake", id="a half of four letters"),
        pytest.param("Robin Li-Wu", "Robin Liwu", id="a double name run together"),
        pytest.param("Robin Brook", "Brook Robin", id="first and last turned round"),
        pytest.param("Robin Lake-Meadow", "Lake-Meadow Robin", id="a double name turned round"),
    ],
)
def test_a_name_that_is_written_differently_is_similar(one, other):
    """Whoever of the two is looked at first. [A-5, A-8]"""
    assert are_similar_names(named(one), named(other))
    assert are_similar_names(named(other), named(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Katherine Brook", "Margaret Brook", id="another first name: a twin"),
        pytest.param("Robin Brook", "Robin Larkspur", id="another last name"),
        pytest.param("李 王", "张 王", id="another name in another script"),
        pytest.param("Al Quill", "Albert Quill", id="two letters are no short form"),
        pytest.param("Robin Kim-Meadow", "Robin Kim", id="a half of three letters"),
        pytest.param("Robin Brook", "Brook Quill", id="a first name that is the other's last"),
        pytest.param("Robin Brook", "Quill Robin", id="a last name that is the other's first"),
    ],
)
def test_another_name_is_not_similar(one, other):
    """Whoever of the two is looked at first. [A-5]"""
    assert not are_similar_names(named(one), named(other))
    assert not are_similar_names(named(other), named(one))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("meadow", "meadow", True),
        ("meadow", "medaow", True),
        ("meadow", "meado", True),
        ("meadow", "meadoe", True),
        ("meadow", "meadew", True),
        ("meadow", "maedew", False),
        ("meadow", "maadew", False),
        ("meadow", "mead", False),
        ("meadow", "quills", False),
        ("lake", "lane", True),
        ("lake", "lakes", True),
        ("jon", "joe", False),
        ("ann", "anne", False),
        ("jon", "jon", True),
    ],
)
def test_one_slip_is_a_slip_and_two_are_another_word(one, other, expected):
    """A letter more, less, other, or two swapped, from four letters on: Jon and Joe are two names. [A-5]"""
    assert is_slip(one, other) is expected
    assert is_slip(other, one) is expected


WRITTEN_SHORT = """
    Street St, Avenue Ave, Road Rd, Lane Ln, Drive Dr, Boulevard Blvd, Court Ct, Place Pl, Terrace Ter, Circle Cir,
    North N, South S, East E, West W
"""


@pytest.mark.parametrize(("long", "short"), [pair.split() for pair in WRITTEN_SHORT.split(",")])
def test_a_word_of_a_street_is_written_out_or_short(long, short):
    """What an envelope shortens does not make another house. [A-5]"""
    written_out, shortened = (replace(HOME, line_1=f"12 Larkspur {word}") for word in (long, short))
    assert are_similar_addresses(written_out, shortened)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            {"line_1": "12 LARKSPUR LN", "city": "ORLANDO", "zip": "32801-0012"},
            True,
            id="as an envelope has it",
        ),
        pytest.param({"zip": "33601"}, True, id="another ZIP in the same city"),
        pytest.param({"city": "Winter Park"}, True, id="the same ZIP under another city"),
        pytest.param(
            {"city": "Winter Park", "zip": "32801-0012"}, True, id="the same ZIP, four digits longer"
        ),
        pytest.param({"city": "Winter Park", "zip": "32802"}, False, id="the next ZIP and another city"),
        pytest.param({"state": "KY", "zip": "42201"}, False, id="the same city name in another state"),
        pytest.param({"city": "Tampa", "zip": "33601"}, False, id="another city of the state"),
        pytest.param({"line_1": "12 Meadow Lane"}, False, id="another street"),
        pytest.param({"line_1": "12 Larkspurr Lane"}, True, id="a slip in the street"),
        pytest.param({"line_1": "14 Larkspur Lane"}, False, id="the house next door"),
        pytest.param({"country": "us"}, True, id="the country in other case"),
        pytest.param({"country": "Canada"}, False, id="another country"),
    ],
)
def test_a_house_has_a_number_a_street_and_a_place(change, expected):
    """The ZIP or the city has to agree, and number and street both. [A-5]"""
    other = replace(HOME, **change)
    assert are_similar_addresses(HOME, other) is expected
    assert are_similar_addresses(other, HOME) is expected


def test_two_places_without_a_postal_code_are_no_place_in_common():
    """Abroad there may be none: then the city decides. [A-5, A-8]"""
    bare = replace(HOME, zip="", country="Ireland", city="Cork")
    assert are_similar_addresses(bare, bare)
    assert not are_similar_addresses(bare, replace(bare, city="Galway"))
