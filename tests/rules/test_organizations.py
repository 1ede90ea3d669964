"""Names of organizations and people, as rules compare them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.organizations import (
    grams_of,
    legal_name_key,
    letters_in,
    nearness,
    of_record,
    words_of,
)


@pytest.mark.parametrize(
    "spelling",
    [
        "Palm & Søn Clinic, LLC",
        "PALM AND SØN CLINIC",
        "  palm  and  søn -- clinic  L.L.C.  ",
        "Palm & Søn Clinic Inc",
        "Palm and Søn Clinic, P.A., Inc.",
    ],
)
def test_spellings_of_one_legal_name(spelling):
    """Case, punctuation, spaces and the legal form do not make another name. [G-2, G-3]"""
    assert legal_name_key(spelling) == legal_name_key("Palm & Søn Clinic")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Palm Clinic", "Palms Clinic"), ("Palm Clinic", "Clinic Palm"), ("Palm Clinic 1", "Palm Clinic 2")],
)
def test_other_words_are_another_name(one, other):
    """Only spelling is forgiven where a name must match. [G-2]"""
    assert legal_name_key(one) != legal_name_key(other)


def test_accents_do_not_count():
    """Accented letters match plain ones. [G-2]"""
    assert legal_name_key("Clínica Peña") == legal_name_key("CLINICA PENA")


def test_a_name_of_nothing_but_legal_forms_keeps_one():
    """A key is never empty for want of other words. [G-2]"""
    assert legal_name_key("Company, Inc.") == "company"


@given(st.text())
def test_a_key_of_a_key_is_itself(name):
    """Normalizing twice changes nothing, for any text. [G-2]"""
    assert legal_name_key(legal_name_key(name)) == legal_name_key(name)


@given(st.text())
def test_words_have_no_spaces_and_grams_three_letters(name):
    """The index holds three-letter pieces of words, whatever is typed. [G-5]"""
    assert all(word and not any(letter.isspace() for letter in word) for word in words_of(name))
    assert all(len(gram) == 3 for gram in grams_of(name))


def test_three_letters_are_letters():
    """Punctuation and spaces are not what a search is made of. [G-5]"""
    assert letters_in(" a - b ' ") == 2


@pytest.mark.parametrize(
    "sought",
    ["palm clinic", "clinic palm", "palm clin", "plam clinic", "palm clinik", "PALM", "Orlando Palm"],
)
def test_near_names_are_found(sought):
    """Word order, beginnings and small typos are forgiven in a search. [G-5]"""
    assert nearness(sought, "Palm Clinic of Orlando, LLC") >= 0.75


@pytest.mark.parametrize("sought", ["dental", "palm dental", "zzz", ""])
def test_far_names_are_not(sought):
    """A word that is nowhere in the name is no match. [G-5]"""
    assert nearness(sought, "Palm Clinic of Orlando, LLC") < 0.75


def same(given_names: str, last: str, email: str = "a@example.org", *, named: str, at: str = "A@Example.org"):
    return of_record(given_names=given_names, last_name=last, email=email, record_name=named, record_email=at)


@pytest.mark.parametrize(
    "named", ["María Gómez", "MARIA GOMEZ", "Maria Elena Gomez", "Maria E. Gomez", "Maria Gomez Jr."]
)
def test_the_person_of_record(named):
    """Name and e-mail must agree; accents, middle names and suffixes do not divide. [G-4]"""
    assert same("Maria Elena", "Gomez", named=named).is_same


@pytest.mark.parametrize(
    "named", ["Mario Gomez", "Maria Lopez", "Gomez", "", "Elena Gomez", "Maria Rosa Gomez"]
)
def test_somebody_else_is_not_of_record(named):
    """Another first or last name is another person. [G-2]"""
    assert not same("Maria Elena", "Gomez", named=named).name_matches


def test_another_mailbox_is_not_of_record():
    """The same name with another e-mail is shown as what it is. [G-4]"""
    found = same("Maria", "Gomez", "other@example.org", named="Maria Gomez")
    assert (found.name_matches, found.email_matches, found.is_same) == (True, False, False)


def test_nobody_without_a_mailbox_matches_an_empty_record():
    """Nothing never equals nothing. [G-4]"""
    assert not same("Maria", "Gomez", "", named="Maria Gomez", at="").email_matches
