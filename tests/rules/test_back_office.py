"""Finding by words, and comparing records with IDM's."""

import pytest

from bailiwick.spot.rules.comparing import Differing, Held, Matter, differences
from bailiwick.spot.rules.searching import search_key, sought, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("St. Mary's – Tampa", ("st", "marys", "tampa")),
        ("ÉLAN  Santé, P.A.", ("elan", "sante", "pa")),
        ("ada@harbor.example", ("ada", "harborexample")),
        ("ﬁrst Straße", ("first", "strasse")),
        ("\u200b'.", ()),
        ("", ()),
    ],
)
def test_words_are_the_same_however_spelled(text, words):
    """Case, accents, apostrophes and points do not count; everything else parts words. [B-2]"""
    assert words_of(text) == words


def test_a_key_has_each_word_once_after_a_space():
    """So that a space and some letters are where a word begins. [B-2]"""
    assert search_key("Harbor View", "Ada HARBOR", longest=100) == " harbor view ada"
    assert search_key("Harbor View", longest=9) == " harbor v"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Har", ("har",)),
        ("h v t", ("h", "v", "t")),
        ("ha", ()),
        ("a b", ()),
        ("one two three four five six seven", ("one", "two", "three", "four", "five", "six")),
    ],
)
def test_three_letters_are_looked_for_at_least(text, found):
    """In all, however many words; and at most six words. [B-2]"""
    assert sought(text) == found


def test_every_difference_has_its_matter():
    """Here alone, there alone, older, newer, other words; the same is none. [O-4]"""
    ours = {"A": Held(1, "x"), "B": Held(2, "x"), "C": Held(2, "x"), "D": Held(2, "x"), "E": Held(2, "x")}
    theirs = {"B": Held(1, "x"), "C": Held(3, "x"), "D": Held(2, "y"), "E": Held(2, "x"), "F": Held(4, "x")}
    assert differences(ours, theirs) == [
        Differing("A", Matter.LACKING, 1, 0),
        Differing("B", Matter.OLDER, 2, 1),
        Differing("C", Matter.NEWER, 2, 3),
        Differing("D", Matter.CONTENT, 2, 2),
        Differing("F", Matter.STRANGER, 0, 4),
    ]
    assert differences({}, {}) == []
