"""People as rules see them."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.idm.rules.accounts import (
    ACCOUNT_STEPS,
    SSN_STEPS,
    AccountState,
    Address,
    Likeness,
    PersonalFacts,
    Refusal,
    SsnState,
    age_on,
    email_key,
    looks_like,
    may_correct,
    must_accept_terms,
    name_key,
    name_may_be,
    normalized_ssn,
    objections,
    old_enough,
    ssn_may_be,
    was_ever_issued,
)
from bailiwick.idm.rules.limits import Limits

LIMITS = Limits()
TODAY = date(2026, 3, 2)


def test_every_state_has_its_row():
    """Each state is in the table, and whatever leads out leads to a state. [A-2, A-6]"""
    assert set(ACCOUNT_STEPS) == set(AccountState)
    assert set(SSN_STEPS) == set(SsnState)


@pytest.mark.parametrize(
    "name", ["Ana", "O'Neill", "María-José", "De la Cruz", "Nguyễn", "Jr.", "李", "D’Angelo", "St. John"]
)
def test_names_are_letters_of_any_script(name):
    """With spaces, hyphens and apostrophes between them. [A-8]"""
    assert name_may_be(name)


@pytest.mark.parametrize(
    "name", ["", "R0bin", "-Ana", "Ana-", "A--", "Ana;", "<b>", "=1+1", "{{7*7}}", "Ana  -  Maria"]
)
def test_other_signs_are_no_name(name):
    """Digits and signs are refused. [A-8]"""
    assert not name_may_be(name)


def test_eighteen_to_the_day():
    """On the 18th birthday, not the day before. [A-8]"""
    assert old_enough(date(2008, 3, 2), TODAY, LIMITS)
    assert old_enough(date(2008, 3, 3), TODAY, LIMITS).because is Refusal.TOO_YOUNG
    assert old_enough(date(2026, 3, 3), TODAY, LIMITS).because is Refusal.BIRTH_DATE_IMPOSSIBLE
    assert old_enough(date(1895, 3, 2), TODAY, LIMITS).because is Refusal.BIRTH_DATE_IMPOSSIBLE
    assert age_on(date(2004, 2, 29), date(2022, 2, 28)) == 17
    assert age_on(date(2004, 2, 29), date(2022, 3, 1)) == 18


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_an_ssn_is_nine_digits_however_typed(ssn):
    """Spaces and hyphens do not matter. [A-2]"""
    assert normalized_ssn(f" {ssn[:3]}-{ssn[3:5]} {ssn[5:]}") == ssn


@pytest.mark.parametrize(
    "typed", ["", "12345678", "1234567890", "12345678a", "１２３４５６７８９", "123.45.6789"]
)
def test_anything_else_is_no_ssn(typed):
    """Eight digits, letters, other scripts' digits. [A-2]"""
    assert ssn_may_be(typed, development=True).because is Refusal.SSN_NOT_NINE_DIGITS


def test_never_issued_numbers():
    """Refused outside development, where they are the only ones of use. [A-2, V-6]"""
    for ssn in ("000123456", "666123456", "900123456", "999123456", "123003456", "123450000"):
        assert not was_ever_issued(ssn)
        assert ssn_may_be(ssn, development=False).because is Refusal.SSN_NEVER_ISSUED
        assert ssn_may_be(ssn, development=True)
    assert was_ever_issued("123456789")
    assert was_ever_issued("899010001")


def likeness(**changes) -> Likeness:
    columns = {
        "name": name_key("María José", "O'Neill"),
        "birth_date": date(1986, 4, 28),
        "email": "maria@example.org",
        "zip": "32801",
        "ssn_digest": b"",
    }
    return Likeness(**(columns | changes))


@pytest.mark.parametrize(
    ("changes", "is_like"),
    [
        ({}, True),
        ({"name": name_key("MARIA-JOSE", "Oneill")}, True),
        ({"email": "else@example.org"}, True),
        ({"zip": "10001"}, True),
        ({"email": "else@example.org", "zip": "10001"}, False),
        ({"name": name_key("Marta", "ONeill")}, False),
        ({"birth_date": date(1986, 4, 29)}, False),
        ({"ssn_digest": b"other"}, False),
        ({"ssn_digest": b"mine"}, True),
    ],
)
def test_who_looks_like_somebody_else(changes, is_like):
    """Same name, birth date and e-mail or ZIP, unless both SSNs are known and differ. [A-4]"""
    assert looks_like(likeness(ssn_digest=b"mine"), likeness(**changes)) is is_like


def test_an_empty_zip_matches_nobody():
    """Two people without a ZIP have nothing in common by that. [A-4]"""
    assert not looks_like(likeness(zip="", email="a@b.example"), likeness(zip=""))


def test_names_in_other_scripts_keep_their_letters():
    """Two different Chinese names are different. [A-4]"""
    assert name_key("李", "明") != name_key("王", "明")


def test_addresses_of_mailboxes_compare_without_case():
    """Also with outer spaces. [A-4]"""
    assert email_key(" Maria@Example.ORG ") == "maria@example.org"


def test_three_corrections_before_proofing():
    """Then, and after proofing, the desk. [A-7]"""
    assert may_correct(is_proven=False, corrections=2, limits=LIMITS)
    assert (
        may_correct(is_proven=False, corrections=3, limits=LIMITS).because
        is Refusal.FACTS_CORRECTED_TOO_OFTEN
    )
    assert may_correct(is_proven=True, corrections=0, limits=LIMITS).because is Refusal.FACTS_ARE_PROVEN


def test_all_objections_to_facts_are_named():
    """Name, age and SSN are judged together. [A-8]"""
    facts = PersonalFacts(
        first="R0bin",
        middle="",
        last="Lee",
        suffix="",
        birth_date=date(2020, 1, 1),
        ssn="000000000",
        address=Address(line_1="1", city="Orlando", state="FL", zip="32801"),
        phone="2025550142",
        email="robin@example.org",
    )
    found = [objection.because for objection in objections(facts, TODAY, LIMITS, development=False)]
    assert found == [Refusal.NAME_NOT_LETTERS, Refusal.TOO_YOUNG, Refusal.SSN_NEVER_ISSUED]


LEE = PersonalFacts(
    first="Robin",
    middle="",
    last="Lee",
    suffix="",
    birth_date=date(1980, 1, 1),
    ssn="123456789",
    address=Address(line_1="1", city="Orlando", state="FL", zip="32801"),
    phone="2025550142",
    email="robin@example.org",
)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"middle": "4"}, [Refusal.NAME_NOT_LETTERS]),
        ({"ssn": ""}, []),
        ({"ssn": "12345678"}, [Refusal.SSN_NOT_NINE_DIGITS]),
        ({"ssn": "900456789"}, [Refusal.SSN_NEVER_ISSUED]),
    ],
)
def test_what_speaks_against_facts_one_by_one(changes, found):
    """A missing middle name and a missing SSN speak against nobody. [A-2, A-8]"""
    told = objections(replace(LEE, **changes), TODAY, LIMITS, development=False)
    assert [objection.because for objection in told] == found


def test_the_oldest_and_the_youngest():
    """130 years are possible, 131 are not; who is born today is too young, not impossible. [A-8]"""
    assert old_enough(date(1896, 3, 2), TODAY, LIMITS)
    assert old_enough(date(1895, 3, 3), TODAY, LIMITS)
    assert old_enough(date(1895, 3, 2), TODAY, LIMITS).because is Refusal.BIRTH_DATE_IMPOSSIBLE
    assert old_enough(TODAY, TODAY, LIMITS).because is Refusal.TOO_YOUNG
    assert old_enough(TODAY, TODAY, LIMITS).facts == {"years": 18}


def test_a_development_run_wants_nine_digits_too():
    """It only takes numbers that were never issued as well. [V-6]"""
    assert ssn_may_be("123-45-6789", development=False)
    assert ssn_may_be("900-45-6789", development=True)
    assert not ssn_may_be("900-45-678", development=True)


def test_a_mark_alone_is_no_letter():
    """Vowel signs and accents belong to the letter before them; first there is none. [A-8]"""
    assert name_may_be("हिन्दी")
    assert not name_may_be("\u0301Ana")
    assert name_may_be("Ana4").because is Refusal.NAME_NOT_LETTERS


def test_a_number_known_of_one_side_only_sets_nobody_apart():
    """Both have to be known to differ. [A-4]"""
    assert looks_like(likeness(), likeness(ssn_digest=b"mine"))
    assert looks_like(likeness(ssn_digest=b"mine"), likeness())


def test_new_terms_are_asked_of_who_accepted_older_ones():
    """Who never accepted any does so by the tick of the first sign-in. [R-6]"""
    assert must_accept_terms("2026-01", "2026-11")
    assert not must_accept_terms("2026-11", "2026-11")
    assert not must_accept_terms("", "2026-11")


def test_an_address_is_in_the_us_unless_it_says_otherwise():
    """Who lives elsewhere is proofed by hand. [A-8]"""
    assert LEE.address.is_us
    assert not replace(LEE.address, country="Canada").is_us


def test_a_refused_correction_says_how_often():
    """Three times. [A-7]"""
    refused = may_correct(is_proven=False, corrections=3, limits=LIMITS)
    assert refused.facts == {"times": 3}


def test_accents_and_case_do_not_make_another_name():
    """First and last stay apart. [A-4]"""
    assert name_key("Zoë", "O'Neill") == name_key("ZOE", "oneill") == "zoe|oneill"
    assert name_key("Ann", "Alee") != name_key("Anna", "Lee")
