"""One attempt, one request id: what counts as a try, and what happens when something breaks between."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.actions import correct_personal_facts
from bailiwick.idm.accounts.models import SsnNumber
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing.actions import begin_attempt, consent, store_outcome
from bailiwick.idm.proofing.attempts import prove
from bailiwick.idm.proofing.models import Attempt, Case
from bailiwick.idm.proofing.queries import is_proofed, open_case, standing
from bailiwick.idm.rules.proofing import NotVerified, Place, Refusal, Unavailable, Verified
from tests.idm.build_proofing import (
    AVERY,
    NOON,
    answering,
    asks,
    by,
    call,
    consented,
    deeds,
    holder,
    notices,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_an_unavailable_vendor_uses_nothing_up(settings):
    """The try comes back, and the same request id goes out the next time. [V-3, V-6]"""
    asked = answering(settings, Unavailable(), Unavailable(), Unavailable(), Unavailable(), Verified())
    ada = holder()
    for minute in range(4):
        assert isinstance(asks(ada, now=NOON + timedelta(minutes=minute)), Unavailable)
    assert standing(ada, now=NOON + HOUR).tries_left == 3
    assert isinstance(asks(ada, now=NOON + HOUR), Verified)
    assert len({request.request_id for request in asked.requests}) == 1
    assert Attempt.objects.get().counted


def test_the_third_try_closes_the_online_way(settings):
    """Then only phone or people for 72 hours, and the page says until when. [V-3]"""
    answering(settings, NotVerified())
    ada = holder()
    for hour in range(3):
        asks(ada, now=NOON + hour * HOUR)
    until = NOON + 2 * HOUR + timedelta(hours=72)
    with pytest.raises(Refused) as caught:
        asks(ada, now=NOON + 3 * HOUR)
    assert caught.value.code is Refusal.TRIES_EXHAUSTED
    assert caught.value.facts == {"until": until}
    now_at = standing(ada, now=NOON + 3 * HOUR)
    assert (now_at.place, now_at.online_again_at, now_at.tries_left) == (Place.BY_HAND, until, 0)
    assert Attempt.objects.count() == 3


def test_a_corrected_name_buys_no_new_tries(settings):
    """Tries are the account's: neither other facts nor another case make them fresh. [V-3]"""
    answering(settings, NotVerified())
    ada = holder()
    asks(ada)
    for name in ("Averil", "Averill"):
        correct_personal_facts(account=ada, facts=replace(AVERY, first=name), by=by(ada), now=NOON)
        asks(ada, now=NOON + HOUR)
    Case.objects.update(state="void")
    correct_personal_facts(account=ada, facts=replace(AVERY, first="Ave"), by=by(ada), now=NOON)
    with pytest.raises(Refused) as caught:
        asks(ada, now=NOON + HOUR)
    assert caught.value.code is Refusal.TRIES_EXHAUSTED


def test_after_a_crash_the_same_question_is_asked_again(settings):
    """A crash between asking and storing counts once and never asks under a second id. [V-6]"""
    asked = answering(settings, Verified())
    ada = holder()
    begun = begin_attempt(case=consented(ada), facts=personal_facts(ada), by=by(ada), now=NOON)
    assert standing(ada, now=NOON).tries_left == 2
    assert isinstance(asks(ada, now=NOON + HOUR), Verified)
    assert [request.request_id for request in asked.requests] == [begun.vendor_request_id]
    assert Attempt.objects.count() == 1
    assert [deed for deed, _ in deeds(ada)].count("proofing:attempt:begun") == 1


def test_the_third_try_can_be_taken_up_after_a_crash(settings):
    """An attempt does not count against itself. [V-6]"""
    answering(settings, NotVerified(), NotVerified(), Verified())
    ada = holder()
    asks(ada)
    asks(ada)
    begin_attempt(case=open_case(ada), facts=personal_facts(ada), by=by(ada), now=NOON)
    assert isinstance(asks(ada, now=NOON + HOUR), Verified)


def test_other_facts_are_another_question(settings):
    """An unanswered attempt is taken up for the very same facts only, and stays used otherwise. [V-6]"""
    asked = answering(settings, Verified())
    ada = holder()
    begun = begin_attempt(case=consented(ada), facts=personal_facts(ada), by=by(ada), now=NOON)
    moved = replace(AVERY, address=replace(AVERY.address, line_1="13 Larkspur Lane"))
    correct_personal_facts(account=ada, facts=moved, by=by(ada), now=NOON)
    asks(ada)
    assert asked.requests[0].request_id != begun.vendor_request_id
    begun.refresh_from_db()
    assert (begun.outcome, begun.counted) == ("abandoned", True)


def test_an_old_unanswered_attempt_is_left_behind(settings):
    """A vendor need not remember a request id for longer than a day. [V-6]"""
    asked = answering(settings, Verified())
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


def test_what_is_sent_must_be_what_the_account_says(settings):
    """A page left open while the facts changed is told so, and nothing is asked. [V-2]"""
    asked = answering(settings, Verified())
    ada = holder()
    with pytest.raises(Refused) as caught:
        prove(case=consented(ada), facts=replace(AVERY, first="Averil"), by=by(ada), now=NOON)
    assert caught.value.code is Refusal.FACTS_CHANGED
    assert not asked.requests
    assert not Attempt.objects.exists()


def test_without_an_ssn_nobody_is_asked_about(settings):
    """Where the SSN is asked at proofing only, the details page must bring it first. [A-2]"""
    answering(settings, Verified())
    with pytest.raises(Refused) as caught:
        asks(holder(ssn=""))
    assert caught.value.code is Refusal.SSN_MISSING


def test_consent_belongs_to_the_account(settings):
    """One person's consent sends nobody else's facts. [V-2]"""
    asked = answering(settings, Verified())
    ada, eve = holder(), holder(email="eve@example.org", ssn="900100098", first="Eve")
    with pytest.raises(Refused) as caught:
        prove(
            case=consent(account=ada, by=by(ada), now=NOON), facts=personal_facts(eve), by=by(eve), now=NOON
        )
    assert caught.value.code is Refusal.FACTS_CHANGED
    assert not asked.requests
