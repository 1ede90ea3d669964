"""Proving a person: consent, one try at a time, and what each answer leaves behind."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.pages.words import GENERIC, sentence_for
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.actions import correct_personal_facts
from bailiwick.idm.accounts.models import SsnNumber
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing.actions import begin_attempt, consent, store_outcome
from bailiwick.idm.proofing.attempts import prove
from bailiwick.idm.proofing.models import Attempt, Case
from bailiwick.idm.proofing.queries import assurance_level, is_proofed, open_case, standing
from bailiwick.idm.proofing.vendors.scripted import ScriptedVendor
from bailiwick.idm.rules.accounts import Address
from bailiwick.idm.rules.proofing import Call, NotVerified, Place, Refusal, Unavailable, Verified
from tests.idm.build_proofing import (
    AVERY,
    NOON,
    REFERENCE,
    asks,
    by,
    call,
    called,
    consented,
    holder,
    proofed,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def vendor(settings):
    """The vendor's answers for one test: `vendor(Verified())`."""

    def answers(*outcomes):
        settings.PROOFING_VENDOR = ScriptedVendor(*outcomes)
        return settings.PROOFING_VENDOR

    return answers


def deeds(account):
    return list(Entry.objects.filter(subject=str(account.pk)).order_by("id").values_list("deed", "outcome"))


def notices(account):
    return list(Message.objects.filter(to=account.email).order_by("id").values_list("kind", flat=True))


def refusal(caught):
    return caught.value.code


def test_who_was_verified_is_proofed_for_life(vendor):
    """Passed once, it stays: no page, no consent, no question again. [V-1]"""
    vendor(Verified())
    ada = holder()
    assert not is_proofed(ada)
    assert assurance_level(ada) == 1
    assert isinstance(asks(ada), Verified)
    assert is_proofed(ada)
    assert assurance_level(ada) == 2
    assert standing(ada, now=NOON).place is Place.VERIFIED
    with pytest.raises(Refused) as caught:
        consented(ada)
    assert refusal(caught) is Refusal.ALREADY_VERIFIED


def test_the_ssn_is_verified_with_the_person(vendor):
    """Being verified makes the claimed number this account's, in the same act. [A-2]"""
    vendor(Verified())
    ada = holder()
    asks(ada)
    assert SsnNumber.objects.get(account=ada).state == "verified"


def test_every_step_is_on_the_ledger_and_success_is_told(vendor):
    """Consent, attempt and outcome are entries; a notice goes to the address of record. [V-7, L-2]"""
    vendor(Verified())
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
    assert refusal(caught) is Refusal.NO_CONSENT
    assert consented(ada, now=NOON + HOUR).consented_at == NOON + HOUR


def test_the_vendor_is_told_the_facts_of_the_account(vendor):
    """Full legal name, SSN, birth date, home address and phone, under an id of its own. [V-2]"""
    asked = vendor(Verified())
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


def test_a_call_leads_to_the_page_with_the_reference(vendor):
    """Who must call gets the number to call, the reference and its end, also by mail. [V-3]"""
    vendor(call())
    ada = holder()
    assert isinstance(asks(ada), Call)
    now_at = standing(ada, now=NOON)
    assert (now_at.place, now_at.reference, now_at.call_number) == (Place.CALL, REFERENCE, "202-555-0143")
    assert now_at.tries_left == 2
    assert now_at.may_ask_by_reference
    assert not is_proofed(ada)
    assert notices(ada).count("identity-call") == 1


def test_after_the_call_the_vendor_is_asked_with_the_reference(vendor):
    """Nothing is typed again: the reference and the stored facts go out. [V-4]"""
    ada = holder()
    called(ada)
    asked = vendor(Verified())
    assert isinstance(asks(ada, now=NOON + HOUR, by_reference=True), Verified)
    assert asked.requests[0].reference == REFERENCE
    case = Case.objects.get(account=ada)
    assert (case.method, case.verified_at) == ("reference", NOON + HOUR)


def test_a_reference_lives_no_longer_than_the_number_says(vendor):
    """A vendor that promises a year still gives thirty days. [V-3]"""
    vendor(replace(call(), expires_at=NOON + timedelta(days=365)))
    ada = holder()
    asks(ada)
    assert standing(ada, now=NOON).reference_expires_at == NOON + timedelta(days=30)
    assert standing(ada, now=NOON + timedelta(days=30)).place is Place.DETAILS


def test_a_reference_is_not_asked_about_for_other_facts(vendor):
    """Corrected facts need a new question: the reference was given for the old ones. [V-4]"""
    ada = holder()
    called(ada)
    correct_personal_facts(account=ada, facts=replace(AVERY, first="Averil"), by=by(ada), now=NOON)
    vendor(Verified())
    with pytest.raises(Refused) as caught:
        asks(ada, by_reference=True)
    assert refusal(caught) is Refusal.FACTS_CHANGED
    assert standing(ada, now=NOON).place is Place.DETAILS


def test_an_unavailable_vendor_uses_nothing_up(vendor):
    """The try comes back, and the same request id goes out the next time. [V-3, V-6]"""
    asked = vendor(Unavailable(), Unavailable(), Unavailable(), Unavailable(), Verified())
    ada = holder()
    for minute in range(4):
        assert isinstance(asks(ada, now=NOON + timedelta(minutes=minute)), Unavailable)
    assert standing(ada, now=NOON + HOUR).tries_left == 3
    assert isinstance(asks(ada, now=NOON + HOUR), Verified)
    assert len({request.request_id for request in asked.requests}) == 1
    assert Attempt.objects.get().counted


def test_the_third_try_closes_the_online_way(vendor):
    """Then only phone or people for 72 hours, and the page says until when. [V-3]"""
    vendor(NotVerified())
    ada = holder()
    for hour in range(3):
        asks(ada, now=NOON + hour * HOUR)
    until = NOON + 2 * HOUR + timedelta(hours=72)
    with pytest.raises(Refused) as caught:
        asks(ada, now=NOON + 3 * HOUR)
    assert refusal(caught) is Refusal.TRIES_EXHAUSTED
    assert caught.value.facts == {"until": until}
    now_at = standing(ada, now=NOON + 3 * HOUR)
    assert (now_at.place, now_at.online_again_at, now_at.tries_left) == (Place.HELP_DESK, until, 0)
    assert Attempt.objects.count() == 3


def test_a_corrected_name_buys_no_new_tries(vendor):
    """Tries are the account's: neither other facts nor another case make them fresh. [V-3]"""
    vendor(NotVerified())
    ada = holder()
    asks(ada)
    for name in ("Averil", "Averill"):
        correct_personal_facts(account=ada, facts=replace(AVERY, first=name), by=by(ada), now=NOON)
        asks(ada, now=NOON + HOUR)
    Case.objects.update(state="void")
    correct_personal_facts(account=ada, facts=replace(AVERY, first="Ave"), by=by(ada), now=NOON)
    with pytest.raises(Refused) as caught:
        asks(ada, now=NOON + HOUR)
    assert refusal(caught) is Refusal.TRIES_EXHAUSTED


def test_after_a_crash_the_same_question_is_asked_again(vendor):
    """A crash between asking and storing counts once and never asks under a second id. [V-6]"""
    asked = vendor(Verified())
    ada = holder()
    begun = begin_attempt(case=consented(ada), facts=personal_facts(ada), by=by(ada), now=NOON)
    assert standing(ada, now=NOON).tries_left == 2
    assert isinstance(asks(ada, now=NOON + HOUR), Verified)
    assert [request.request_id for request in asked.requests] == [begun.vendor_request_id]
    assert Attempt.objects.count() == 1
    assert [deed for deed, _ in deeds(ada)].count("proofing:attempt:begun") == 1


def test_the_third_try_can_be_taken_up_after_a_crash(vendor):
    """An attempt does not count against itself. [V-6]"""
    vendor(NotVerified(), NotVerified(), Verified())
    ada = holder()
    asks(ada)
    asks(ada)
    begin_attempt(case=open_case(ada), facts=personal_facts(ada), by=by(ada), now=NOON)
    assert isinstance(asks(ada, now=NOON + HOUR), Verified)


def test_other_facts_are_another_question(vendor):
    """An unanswered attempt is taken up for the very same facts only, and stays used otherwise. [V-6]"""
    asked = vendor(Verified())
    ada = holder()
    begun = begin_attempt(case=consented(ada), facts=personal_facts(ada), by=by(ada), now=NOON)
    moved = replace(AVERY, address=replace(AVERY.address, line_1="13 Larkspur Lane"))
    correct_personal_facts(account=ada, facts=moved, by=by(ada), now=NOON)
    asks(ada)
    assert asked.requests[0].request_id != begun.vendor_request_id
    begun.refresh_from_db()
    assert (begun.outcome, begun.counted) == ("abandoned", True)


def test_an_old_unanswered_attempt_is_left_behind(vendor):
    """A vendor need not remember a request id for longer than a day. [V-6]"""
    asked = vendor(Verified())
    ada = holder()
    begun = begin_attempt(case=consented(ada), facts=personal_facts(ada), by=by(ada), now=NOON)
    asks(ada, now=NOON + timedelta(hours=24))
    assert asked.requests[0].request_id != begun.vendor_request_id


def test_the_first_answer_stays():
    """Two tabs ask under one id; a second answer changes nothing and tells nobody twice. [V-6]"""
    ada = holder()
    attempt = begin_attempt(case=consented(ada), facts=personal_facts(ada), by=by(ada), now=NOON)
    store_outcome(attempt=attempt, outcome=Verified(), by=by(ada), now=NOON)
    for late in (NotVerified(), Unavailable(), call()):
        assert store_outcome(attempt=attempt, outcome=late, by=by(ada), now=NOON + HOUR).outcome == "verified"
    assert is_proofed(ada)
    assert [deed for deed, _ in deeds(ada)].count("proofing:attempt:answered") == 1
    assert notices(ada).count("identity-verified") == 1


def test_an_answer_about_other_facts_proves_nothing():
    """The SSN was corrected while the vendor thought: nothing is verified, least of all the new number. [V-1, A-2]"""
    ada = holder()
    attempt = begin_attempt(case=consented(ada), facts=personal_facts(ada), by=by(ada), now=NOON)
    correct_personal_facts(account=ada, facts=replace(AVERY, ssn="900100099"), by=by(ada), now=NOON)
    assert store_outcome(attempt=attempt, outcome=Verified(), by=by(ada), now=NOON).outcome == "stale"
    assert not is_proofed(ada)
    assert not SsnNumber.objects.filter(account=ada, state="verified").exists()
    assert standing(ada, now=NOON).place is Place.DETAILS


def test_what_is_sent_must_be_what_the_account_says(vendor):
    """A page left open while the facts changed is told so, and nothing is asked. [V-2]"""
    asked = vendor(Verified())
    ada = holder()
    with pytest.raises(Refused) as caught:
        prove(case=consented(ada), facts=replace(AVERY, first="Averil"), by=by(ada), now=NOON)
    assert refusal(caught) is Refusal.FACTS_CHANGED
    assert not asked.requests
    assert not Attempt.objects.exists()


def test_without_an_ssn_nobody_is_asked_about(vendor):
    """Where the SSN is asked at proofing only, the details page must bring it first. [A-2]"""
    vendor(Verified())
    with pytest.raises(Refused) as caught:
        asks(holder(ssn=""))
    assert refusal(caught) is Refusal.SSN_MISSING


def test_an_address_abroad_is_proofed_by_hand(vendor):
    """The vendor knows US addresses only. [A-8]"""
    vendor(Verified())
    abroad = Address(line_1="1 Rue du Bac", city="Paris", state="", zip="75007", country="France")
    ada = holder(address=abroad)
    assert standing(ada, now=NOON).place is Place.HELP_DESK
    with pytest.raises(Refused) as caught:
        asks(ada)
    assert refusal(caught) is Refusal.HELP_DESK_ONLY


def test_the_first_verified_keeps_the_ssn(vendor):
    """Two claims on one number: the second verified is void, and reads like every other failure. [A-5]"""
    vendor(Verified())
    first = holder(email="first@example.org")
    second = holder(email="second@example.org", last="Quillfether")
    assert isinstance(asks(first), Verified)
    assert isinstance(asks(second), NotVerified)
    assert is_proofed(first)
    assert not is_proofed(second)
    assert SsnNumber.objects.get(account=second).state == "void"
    assert standing(second, now=NOON).place is Place.HELP_DESK
    assert ("proofing:attempt:answered", "void") in deeds(second)


def test_a_void_claim_is_not_tried_again(vendor):
    """Only the desk resolves it; asking again is no way around. [A-5]"""
    vendor(Verified())
    proofed(holder(email="first@example.org"))
    second = holder(email="second@example.org", last="Quillfether")
    asks(second)
    with pytest.raises(Refused) as caught:
        asks(second, now=NOON + timedelta(days=30))
    assert refusal(caught) is Refusal.HELP_DESK_ONLY
    assert not is_proofed(second)


def test_proofing_ends_with_the_proofed_facts(vendor, monkeypatch):
    """Another name is another person until proofed again; the old case stays as it was. [V-1, A-7]"""
    ada = proofed(holder())
    ada.person.last_name = "Underbough"
    ada.person.save()
    assert not is_proofed(ada)
    vendor(Verified())
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


def test_not_verified_after_the_call_leads_to_the_desk(vendor):
    """The help desk goes on by hand; the person is told by mail, without a reason. [V-5]"""
    ada = holder()
    called(ada)
    vendor(NotVerified())
    asks(ada, now=NOON + HOUR, by_reference=True)
    assert standing(ada, now=NOON + HOUR).place is Place.HELP_DESK
    assert notices(ada).count("identity-help-desk") == 1


def test_no_personal_value_is_on_the_ledger_or_in_a_row(vendor):
    """Rows hold outcome, method, time and reference; the ledger holds ids. [V-7, L-1]"""
    vendor(call())
    asks(holder())
    told = (
        str(list(Entry.objects.values()))
        + str(list(Case.objects.values()))
        + str(list(Attempt.objects.values()))
    )
    for secret in ("900100001", "Quillfeather", "1979", "Larkspur", "2025550101", "avery@"):
        assert secret not in told


def test_a_request_does_not_show_a_person(vendor):
    """Its repr, which a log line or an error report may carry, names the id only. [A-3]"""
    asked = vendor(Verified())
    asks(holder())
    shown = repr(asked.requests[0])
    for secret in ("900100001", "Quillfeather", "1979", "Larkspur", "2025550101"):
        assert secret not in shown


@pytest.mark.parametrize("code", Refusal)
def test_every_refusal_has_words(code):
    """A person never reads a code. [V-3]"""
    assert sentence_for(code, until=NOON) != str(GENERIC)


def test_an_account_has_one_unfinished_case():
    """The database keeps two tabs from opening two cases. [V-2]"""
    case = consented(holder())
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(account=case.account, state="call", terms_version="1", consented_at=NOON)


def test_a_case_has_one_unanswered_attempt():
    """The database keeps two tabs from asking two questions. [V-6]"""
    ada = holder()
    attempt = begin_attempt(case=consented(ada), facts=personal_facts(ada), by=by(ada), now=NOON)
    attempt.pk = None
    attempt.vendor_request_id = "8c8c1c5c-1d6e-4c0a-b7d3-0b8a2f1f0a11"
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt.save(force_insert=True)


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "verified"},
        {"method": "online"},
        {"verified_at": NOON},
        {"reference": REFERENCE},
        {"reference_expires_at": NOON},
    ],
)
def test_half_a_verification_cannot_be_stored(columns):
    """Verified without when, how and what, or a reference without an end, is refused by the database. [V-1]"""
    case = consented(holder())
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**columns)


def test_consent_belongs_to_the_account(vendor):
    """One person's consent sends nobody else's facts. [V-2]"""
    asked = vendor(Verified())
    ada, eve = holder(), holder(email="eve@example.org", ssn="900100098", first="Eve")
    with pytest.raises(Refused) as caught:
        prove(
            case=consent(account=ada, by=by(ada), now=NOON), facts=personal_facts(eve), by=by(eve), now=NOON
        )
    assert refusal(caught) is Refusal.FACTS_CHANGED
    assert not asked.requests
