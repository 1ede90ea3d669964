"""Names of organizations and people, as rules compare them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.organizations import (
    NEAR_ENOUGH,
    ApproverFacts,
    HealthFlag,
    fewest_grams_shared,
    grams_of,
    health,
    is_replaced,
    legal_name_key,
    letters_in,
    of_record,
    word_nearness,
    words_of,
)

ZONE = ZoneInfo("America/New_York")
NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
THIRTY = timedelta(days=30)


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
    ("sought", "word"),
    [
        ("clinic", "clinic"),
        ("clin", "clinic"),
        ("plam", "palm"),
        ("clinik", "clinic"),
        ("ortopedics", "orthopedics"),
    ],
)
def test_near_words_are_found(sought, word):
    """Beginnings and small typos are forgiven in a search. [G-5]"""
    assert word_nearness(sought, word) >= NEAR_ENOUGH


@pytest.mark.parametrize(("sought", "word"), [("dental", "clinic"), ("zzz", "palm"), ("clinic", "clin")])
def test_the_equal_word_is_nearest_and_others_are_far(sought, word):
    """A word that is nowhere in a name is no match, and none is nearer than itself. [G-5]"""
    assert word_nearness(sought, word) < 0.95 < word_nearness(sought, sought)


@given(st.text("abcdefghij", min_size=4, max_size=14), st.integers(0, 12), st.sampled_from("abcxyz"))
def test_a_typo_leaves_enough_to_compare(word, place, letter):
    """Whatever letter is changed, left out, put in or swapped with the next, the word is still compared. [G-5]"""
    at = place % (len(word) - 1)
    typos = (
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    for typed in typos:
        grams = grams_of(typed)
        assert len(grams & grams_of(word)) >= fewest_grams_shared(len(grams))


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


WELL = ApproverFacts(
    is_able=True,
    inactive_from=NOON + THIRTY,
    certification_due=date(2027, 3, 1),
    has_strong_factor=True,
    is_of_record=True,
)


def flags(*approvers: ApproverFacts) -> list[HealthFlag]:
    return list(health(approvers, now=NOON, warn_before=timedelta(days=15), opens_before=THIRTY, zone=ZONE))


def test_two_good_approvers_are_healthy():
    """Nothing is said where nothing is wrong. [G-7]"""
    assert flags(WELL, WELL) == []


@pytest.mark.parametrize(
    ("approvers", "found"),
    [
        ((), [HealthFlag.NO_ABLE_APPROVER]),
        ((replace(WELL, is_able=False),), [HealthFlag.NO_ABLE_APPROVER]),
        ((WELL,), [HealthFlag.ONLY_ONE_APPROVER]),
        (
            (WELL, replace(WELL, inactive_from=NOON + timedelta(days=15))),
            [HealthFlag.APPROVER_NEAR_INACTIVITY],
        ),
        ((WELL, replace(WELL, certification_due=date(2026, 4, 1))), [HealthFlag.CERTIFICATION_DUE]),
        ((WELL, replace(WELL, has_strong_factor=False)), [HealthFlag.ONLY_EMAIL_FACTOR]),
        ((WELL, replace(WELL, is_of_record=False)), [HealthFlag.DIFFERS_FROM_RECORD]),
    ],
)
def test_what_is_wrong_is_named(approvers, found):
    """Each lack of an organization has its flag. [G-7]"""
    assert flags(*approvers) == found


@pytest.mark.parametrize(
    ("before", "after", "replaced"),
    [
        (("Ana Ruiz", "ana@a.example"), ("Bo Lund", "bo@a.example"), True),
        (("Ana Ruiz", "ana@a.example"), ("", ""), True),
        (("Ana Ruiz", "ana@a.example"), ("ANA RUÍZ", "ana@new.example"), False),
        (("Ana Ruiz", "ana@a.example"), ("Ana Lund", "Ana@A.example"), False),
        (("", ""), ("Bo Lund", "bo@a.example"), False),
    ],
)
def test_who_is_replaced_by_a_record(before, after, replaced):
    """A corrected name or mailbox is still the same person; another of both, or nobody, is not. [G-8]"""
    (name, email), (by_name, by_email) = before, after
    assert is_replaced(name=name, email=email, by_name=by_name, by_email=by_email) is replaced


@pytest.mark.parametrize(
    ("last", "email", "alike"),
    [("Gomez", "other@b.example", True), ("Lund", "a@example.org", True), ("Lund", "other@b.example", False)],
)
def test_whose_role_it_is_takes_a_name_or_a_mailbox(last, email, alike):
    """At an organization where they hold a role, one of the two is enough to tell whom a form replaced. [G-8]"""
    assert same("Maria", last, email, named="Maria Gomez").is_alike is alike
