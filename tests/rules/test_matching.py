"""When two people look like one (A-5)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.accounts import Address
from bailiwick.idm.rules.matching import (
    Name,
    Resemblance,
    Somebody,
    are_swapped,
    resemblance,
)

THEN = datetime(2025, 1, 1, tzinfo=UTC)
HOME = Address("12 Larkspur Lane", "Orlando", "FL", "32801")
words = st.sampled_from(
    [
        "Ann",
        "Anne",
        "Katherine",
        "Kathrine",
        "Rob",
        "Robert",
        "Larkspur",
        "Larkspurr",
        "Meadow",
        "Larkspur-Meadow",
        "Zoë",
        "李",
    ]
)
names = st.builds(
    Name,
    first=words,
    middle=st.sampled_from(["", "Lee"]),
    last=words,
    since=st.integers(0, 400).map(lambda days: THEN + timedelta(days=days)),
)
numbers = st.sampled_from(["", "900123456", "900124356", "900123465", "901111111"])
homes = st.sampled_from(
    [HOME, Address("12 larkspur ln", "Orlando", "FL", "32801"), Address("9 Lake St", "Tampa", "FL", "33601")]
)
people = st.builds(
    Somebody,
    names=st.lists(names, min_size=1, max_size=3).map(tuple),
    birth_date=st.sampled_from([date(1980, 1, 2), date(1980, 1, 3)]),
    ssn=numbers,
    address=homes,
    since=st.integers(0, 300).map(lambda days: THEN + timedelta(days=days)),
    claims=st.booleans(),
)


@given(people, people)
def test_likeness_is_the_same_both_ways_round(one, other):
    """Whoever registers second finds the same as who registered first. [A-5]"""
    assert resemblance(one, other) is resemblance(other, one)


@given(people, people, names, st.integers(1, 500))
def test_a_name_change_neither_makes_nor_hides_a_duplicate(one, other, new, days):
    """A name taken after both accounts were there changes nothing between the two. [A-5, A-7]"""
    both_there = max(one.since, other.since, *(name.since for name in one.names))
    later = replace(new, since=both_there + timedelta(days=days))
    assert resemblance(replace(one, names=(*one.names, later)), other) is resemblance(one, other)


@given(people, people)
def test_another_birth_date_and_another_number_are_nobody(one, other):
    """Without the same claim, only people of one birth date are compared. [A-5]"""
    if one.birth_date != other.birth_date and one.ssn != other.ssn:
        assert resemblance(one, other) is None


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 7))
def test_a_swap_of_two_neighbors_is_seen(number, at):
    """Wherever it is; a swap of two equal digits is no difference. [A-5]"""
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert are_swapped(number, swapped) is (number[at] != number[at + 1])
    assert not are_swapped(number, number)


@given(st.text("0123456789", min_size=9, max_size=9), st.text("0123456789", min_size=9, max_size=9))
def test_swapped_numbers_have_the_same_digits(one, other):
    """Nothing else than a swap counts. [A-5]"""
    if are_swapped(one, other):
        assert sorted(one) == sorted(other)
        assert sum(a != b for a, b in zip(one, other, strict=True)) == 2


def test_a_former_name_still_counts():
    """Who gave up a name is found by it. [A-5, A-7]"""
    before = Name("Robin", "", "Larkspur", THEN)
    after = Name("Robin", "", "Quill", THEN + timedelta(days=10))
    married = Somebody((before, after), date(1980, 1, 2), "900123456", HOME, THEN, claims=False)
    again = Somebody(
        (replace(before, since=THEN + timedelta(days=50)),),
        date(1980, 1, 2),
        "901111111",
        HOME,
        THEN + timedelta(days=50),
        claims=False,
    )
    assert resemblance(married, again) is Resemblance.SIMILAR_PERSON
    by_new_name = replace(again, names=(replace(after, since=again.since),))
    assert resemblance(married, by_new_name) is Resemblance.SIMILAR_PERSON


ROBIN = Somebody(
    (Name("Robin", "", "Larkspur", THEN),), date(1980, 1, 2), "900123456", HOME, THEN, claims=False
)
STRANGER = Somebody(
    (Name("Avery", "", "Brook", THEN),),
    date(1975, 6, 7),
    "901111111",
    Address("9 Lake St", "Tampa", "FL", "33601"),
    THEN,
    claims=False,
)
ALIKE = {"birth_date": ROBIN.birth_date, "names": ROBIN.names, "address": HOME}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, None, id="nothing in common"),
        pytest.param({"ssn": "900123456"}, None, id="the number of somebody proofed"),
        pytest.param({"ssn": "900123465"}, None, id="swapped digits under another birth date"),
        pytest.param(
            {"ssn": "900123465", "birth_date": ROBIN.birth_date},
            Resemblance.SWAPPED_DIGITS,
            id="swapped digits",
        ),
        pytest.param({"ssn": "", "birth_date": ROBIN.birth_date}, None, id="no number"),
        pytest.param(ALIKE, Resemblance.SIMILAR_PERSON, id="name, address and birth date"),
        pytest.param(ALIKE | {"birth_date": date(1980, 1, 3)}, None, id="another birth date"),
        pytest.param(ALIKE | {"names": STRANGER.names}, None, id="another name in the same house: a twin"),
        pytest.param(ALIKE | {"address": STRANGER.address}, None, id="the same name in another house"),
        pytest.param(
            ALIKE | {"ssn": "900123465"}, Resemblance.SWAPPED_DIGITS, id="the strongest reason is told"
        ),
    ],
)
def test_what_makes_two_people_look_like_one(change, expected):
    """Swapped digits and the birth date, or birth date, name and address together. [A-5]"""
    other = replace(STRANGER, **change)
    assert resemblance(ROBIN, other) is expected


@pytest.mark.parametrize(
    ("one_claims", "other_claims", "ssn", "expected"),
    [
        (True, True, "900123456", Resemblance.SAME_CLAIM),
        (True, False, "900123456", None),
        (False, True, "900123456", None),
        (True, True, "", None),
        (True, True, "901111111", None),
    ],
)
def test_two_claims_to_one_number_collide_whoever_makes_them(one_claims, other_claims, ssn, expected):
    """Neither birth date nor name has to agree; no number is no claim. [A-5]"""
    one = replace(ROBIN, claims=one_claims, ssn="900123456" if ssn else "")
    assert resemblance(one, replace(STRANGER, claims=other_claims, ssn=ssn)) is expected


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [(4 * DAY, Resemblance.SIMILAR_PERSON), (5 * DAY, Resemblance.SIMILAR_PERSON), (6 * DAY, None)],
)
def test_a_name_counts_that_was_taken_before_both_were_there(taken, expected):
    """Up to the moment in which the later of the two registered. [A-5, A-7]"""
    first = Name("Avery", "", "Brook", THEN)
    renamed = replace(ROBIN, names=(first, Name("Robin", "", "Larkspur", THEN + taken)))
    later = replace(ROBIN, since=THEN + 5 * DAY)
    assert resemblance(renamed, later) is expected


def test_the_first_name_counts_whenever_it_was_written_down():
    """Nobody is without a name. [A-5]"""
    late = replace(ROBIN, names=(replace(ROBIN.names[0], since=THEN + DAY),))
    assert resemblance(late, ROBIN) is Resemblance.SIMILAR_PERSON
