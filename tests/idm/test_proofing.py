"""Proving a person: what each answer of the vendor leaves behind."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.actions import correct_personal_facts
from bailiwick.idm.accounts.models import SsnNumber
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing.attempts import prove
from bailiwick.idm.proofing.models import Case
from bailiwick.idm.proofing.queries import assurance_level, is_proofed, standing
from bailiwick.idm.rules.accounts import Address
from bailiwick.idm.rules.proofing import Call, NotVerified, Place, Refusal, Verified
from tests.idm.build_proofing import (
    AVERY,
    NOON,
    REFERENCE,
    answering,
    asks,
    by,
    call,
    called,
    consented,
    deeds,
    holder,
    notices,
    proofed,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_who_was_verified_is_proofed_for_life(settings):
    """Passed once, it stays: no page, no consent, no question again. [V-1]"""
    answering(settings, Verified())
    ada = holder()
    assert not is_proofed(ada)
    assert assurance_level(ada) == 1
    assert isinstance(asks(ada), Verified)
    assert is_proofed(ada)
    assert assurance_level(ada) == 2
    assert standing(ada, now=NOON).place is Place.VERIFIED
    with pytest.raises(Refused) as caught:
        consented(ada)
    assert caught.value.code is Refusal.ALREADY_VERIFIED


def test_the_ssn_is_verified_with_the_person(settings):
    """Being verified makes the claimed number this account's, in the same act. [A-2]"""
    answering(settings, Verified())
    ada = holder()
    asks(ada)
    assert SsnNumber.objects.get(account=ada).state == "verified"


def test_every_step_is_on_the_ledger_and_success_is_told(settings):
    """Consent, attempt and outcome are entries; a notice goes to the address of record. [V-7, L-2]"""
    answering(settings, Verified())
    ada = holder()
    asks(ada)
    written = deeds(ada)
    assert [deed for deed, _ in written if deed.startswith("proofing:")] == [
        "proofing:case:consented",
        "proofing:attempt:begun",
        "proofing:attempt:answered",
    ]
    assert written[-1] == ("proofing:attempt:answered", "verified")
    assert notices(ada).count("identity-verified") == 1


def test_consenting_twice_is_one_consent():
    """A second press opens no second case and writes no second entry. [V-2]"""
    ada = holder()
    assert consented(ada).pk == consented(ada, now=NOON + HOUR).pk
    assert Case.objects.get(account=ada).consented_at == NOON
    assert [deed for deed, _ in deeds(ada)].count("proofing:case:consented") == 1


def test_new_terms_are_asked_for_again():
    """Consent to an older version does not cover the present one. [V-2]"""
    ada = holder()
    case = consented(ada)
    Case.objects.update(terms_version="0")
    assert standing(ada, now=NOON).place is Place.CONSENT
    with pytest.raises(Refused) as caught:
        prove(case=case, facts=personal_facts(ada), by=by(ada), now=NOON)
    assert caught.value.code is Refusal.NO_CONSENT
    assert consented(ada, now=NOON + HOUR).consented_at == NOON + HOUR


def test_the_vendor_is_told_the_facts_of_the_account(settings):
    """Full legal name, SSN, birth date, home address and phone, under an id of its own. [V-2]"""
    asked = answering(settings, Verified())
    asks(holder(middle="Jo", suffix="Jr."))
    [request] = asked.requests
    assert (request.first_name, request.middle_name, request.last_name, request.suffix) == (
        "Avery",
        "Jo",
        "Quillfeather",
        "Jr.",
    )
    assert (request.ssn, request.birth_date, request.phone) == (AVERY.ssn, AVERY.birth_date, AVERY.phone)
    assert (request.home.line1, request.home.city, request.home.zip) == (
        "12 Larkspur Lane",
        "Orlando",
        "32801",
    )
    assert request.reference == ""


def test_a_call_leads_to_the_page_with_the_reference(settings):
    """Who must call gets the number to call, the reference and its end, also by mail. [V-3]"""
    answering(settings, call())
    ada = holder()
    assert isinstance(asks(ada), Call)
    now_at = standing(ada, now=NOON)
    assert (now_at.place, now_at.reference, now_at.call_number) == (Place.CALL, REFERENCE, "202-555-0143")
    assert now_at.tries_left == 2
    assert now_at.may_ask_by_reference
    assert not is_proofed(ada)
    assert notices(ada).count("identity-call") == 1


def test_after_the_call_the_vendor_is_asked_with_the_reference(settings):
    """Nothing is typed again: the reference and the stored facts go out. [V-4]"""
    ada = holder()
    called(ada)
    asked = answering(settings, Verified())
    assert isinstance(asks(ada, now=NOON + HOUR, by_reference=True), Verified)
    assert asked.requests[0].reference == REFERENCE
    case = Case.objects.get(account=ada)
    assert (case.method, case.verified_at) == ("reference", NOON + HOUR)


def test_a_reference_lives_no_longer_than_the_number_says(settings):
    """A vendor that promises a year still gives thirty days. [V-3]"""
    answering(settings, replace(call(), expires_at=NOON + timedelta(days=365)))
    ada = holder()
    asks(ada)
    assert standing(ada, now=NOON).reference_expires_at == NOON + timedelta(days=30)
    assert standing(ada, now=NOON + timedelta(days=30)).place is Place.DETAILS


def test_a_reference_is_not_asked_about_for_other_facts(settings):
    """Corrected facts need a new question: the reference was given for the old ones. [V-4]"""
    ada = holder()
    called(ada)
    correct_personal_facts(account=ada, facts=replace(AVERY, first="Averil"), by=by(ada), now=NOON)
    answering(settings, Verified())
    with pytest.raises(Refused) as caught:
        asks(ada, by_reference=True)
    assert caught.value.code is Refusal.FACTS_CHANGED
    assert standing(ada, now=NOON).place is Place.DETAILS


def test_an_address_abroad_is_proofed_by_hand(settings):
    """The vendor knows US addresses only. [A-8]"""
    answering(settings, Verified())
    abroad = Address(line_1="1 Rue du Bac", city="Paris", state="", zip="75007", country="France")
    ada = holder(address=abroad)
    assert standing(ada, now=NOON).place is Place.BY_HAND
    with pytest.raises(Refused) as caught:
        asks(ada)
    assert caught.value.code is Refusal.HELP_DESK_ONLY


def test_the_first_verified_keeps_the_ssn(settings):
    """Two claims on one number: the second verified is void, and reads like every other failure. [A-5]"""
    answering(settings, Verified())
    first = holder(email="first@example.org")
    second = holder(email="second@example.org", last="Quillfether")
    assert isinstance(asks(first), Verified)
    assert isinstance(asks(second), NotVerified)
    assert is_proofed(first)
    assert not is_proofed(second)
    assert SsnNumber.objects.get(account=second).state == "void"
    assert standing(second, now=NOON).place is Place.BY_HAND
    assert ("proofing:attempt:answered", "void") in deeds(second)


def test_a_void_claim_is_not_tried_again(settings):
    """Only the desk resolves it; asking again is no way around. [A-5]"""
    answering(settings, Verified())
    proofed(holder(email="first@example.org"))
    second = holder(email="second@example.org", last="Quillfether")
    asks(second)
    with pytest.raises(Refused) as caught:
        asks(second, now=NOON + timedelta(days=30))
    assert caught.value.code is Refusal.HELP_DESK_ONLY
    assert not is_proofed(second)


def test_proofing_ends_with_the_proofed_facts(settings):
    """Another name is another person until proofed again; the old case stays as it was. [V-1, A-7]"""
    ada = proofed(holder())
    ada.person.last_name = "Underbough"
    ada.person.save()
    assert not is_proofed(ada)
    answering(settings, Verified())
    assert isinstance(asks(ada, now=NOON + timedelta(days=400)), Verified)
    assert is_proofed(ada)
    assert Case.objects.filter(account=ada, state="verified").count() == 2


def test_moving_house_does_not_end_proofing():
    """Address and phone are contact data. [V-1, A-7]"""
    ada = proofed(holder())
    moved = replace(
        AVERY, address=replace(AVERY.address, line_1="13 Larkspur Lane", zip="32802"), phone="2025550199"
    )
    correct_personal_facts(account=ada, facts=moved, by=by(ada), now=NOON)
    ada.refresh_from_db()
    assert is_proofed(ada)


def test_not_verified_after_the_call_leads_to_the_desk(settings):
    """The help desk goes on by hand; the person is told by mail, without a reason. [V-5]"""
    ada = holder()
    called(ada)
    answering(settings, NotVerified())
    asks(ada, now=NOON + HOUR, by_reference=True)
    assert standing(ada, now=NOON + HOUR).place is Place.BY_HAND
    assert notices(ada).count("identity-help-desk") == 1
