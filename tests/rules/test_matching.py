"""When two people look like one (A-5)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.accounts import Address
from bailiwick.idm.rules.matching import (
    Name,
    Resemblance,
    Somebody,
    are_similar_addresses,
    are_similar_names,
    are_swapped,
    is_slip,
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
    married = Somebody((before, after), date(1980, 1, 2), "900123456", HOME, THEN)
    again = Somebody(
        (replace(before, since=THEN + timedelta(days=50)),),
        date(1980, 1, 2),
        "901111111",
        HOME,
        THEN + timedelta(days=50),
    )
    assert resemblance(married, again) is Resemblance.SIMILAR_PERSON
    by_new_name = replace(again, names=(replace(after, since=again.since),))
    assert resemblance(married, by_new_name) is Resemblance.SIMILAR_PERSON


def test_names_that_are_similar_and_names_that_are_not():
    """Slips, short forms, halves of double names, first and last turned round; not twins. [A-5, A-8]"""
    name = Name("Katherine", "", "Larkspur-Meadow", THEN)
    for first, last in (("Kathrine", "Larkspur"), ("Kath", "Meadow"), ("Larkspur-Meadow", "Katherine")):
        assert are_similar_names(name, replace(name, first=first, last=last))
    for first, last in (("Margaret", "Larkspur"), ("Katherine", "Brook"), ("Ka", "Meadow")):
        assert not are_similar_names(name, replace(name, first=first, last=last))


def test_short_words_have_no_slips():
    """Jon and Joe are two names, and Ann and Ant. [A-5]"""
    assert not is_slip("jon", "joe")
    assert is_slip("meadow", "medaow")
    assert is_slip("meadow", "meado")
    assert not is_slip("meadow", "mead")


def test_a_house_is_the_same_however_it_is_written():
    """Short forms of street words and a slip; not the house next door, not another country. [A-5, A-8]"""
    assert are_similar_addresses(HOME, Address("12 LARKSPUR LN", "ORLANDO", "FL", "32801-0012"))
    assert not are_similar_addresses(HOME, Address("14 Larkspur Lane", "Orlando", "FL", "32801"))
    assert not are_similar_addresses(HOME, replace(HOME, country="Canada"))
