"""Proofing by hand: who may, what has to be there, who decides, and what becomes of it. (V-5, V-7, H-5)"""

from datetime import timedelta
from uuid import uuid4

import pytest

from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import unseal
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By, Refused
from bailiwick.ground.uploads import actions as uploads
from bailiwick.ground.uploads.jobs import delete_due
from bailiwick.ground.uploads.models import Sealed
from bailiwick.idm.accounts.actions import correct_personal_facts
from bailiwick.idm.accounts.models import SsnNumber
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing import actions, queries
from bailiwick.idm.proofing.models import Case, Evidence, Judgement
from bailiwick.idm.proofing.queries import assurance_level, is_proofed, standing
from bailiwick.idm.rules.accounts import SsnState
from bailiwick.idm.rules.manual import Document, Refusal, State, Verdict
from bailiwick.idm.rules.proofing import Call, Place, Unavailable, Verified
from tests.idm import build_desk, build_pages, build_proofing
from tests.idm import build_manual as build

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=30)


def refused(action, *args, **named):
    with pytest.raises(Refused) as refusal:
        action(*args, **named)
    return refusal.value.code


def opens(account):
    return actions.open_manual(account=account, by=build.by(account), now=clock.now())


# --- Who may ---------------------------------------------------------------------------------------


def test_documents_are_for_when_the_other_ways_failed():
    """Somebody who was not even asked online tries that first. [V-5]"""
    account = build_pages.person(is_proofed=False)
    assert refused(opens, account) is Refusal.OTHER_WAY_FIRST


def test_an_address_abroad_goes_straight_to_documents():
    """The vendor is never asked about it. [A-8]"""
    account = build_pages.person(is_proofed=False, address=build.ABROAD)
    assert standing(account, now=clock.now()).place is Place.BY_HAND
    assert opens(account).ground == "address abroad"


@pytest.mark.parametrize("outcome", [Unavailable()])
def test_an_outage_leaves_the_way_by_hand_open(settings, outcome):
    """While the vendor is away nobody is stuck. [V-3]"""
    build_proofing.answering(settings, outcome)
    account = build_proofing.holder(now=clock.now())
    build_proofing.asks(account, now=clock.now())
    place = standing(account, now=clock.now())
    assert (place.place, place.may_go_by_hand, place.tries_left) == (Place.DETAILS, True, 3)


def test_who_was_told_to_call_again_after_the_call_may_bring_documents(settings):
    """The phone did not settle it. [V-5]"""
    now = clock.now()
    build_proofing.answering(settings, build_proofing.call(now))
    account = build_proofing.holder(now=now)
    build_proofing.asks(account, now=now)
    assert not standing(account, now=now).may_go_by_hand
    build_proofing.asks(account, now=now, by_reference=True)
    assert standing(account, now=now).may_go_by_hand


def test_opening_twice_is_one_case():
    """Two tabs, one case. [V-5]"""
    account = build.unproven()
    assert opens(account) == opens(account)


# --- What has to be there -----------------------------------------------------------------------------


def test_a_picture_id_and_proof_of_the_address_are_needed():
    """Each is named when it is missing. [V-5]"""
    account = build.unproven()
    opens(account)

    def hands_in():
        return actions.hand_in(account=account, by=build.by(account), now=clock.now())

    assert refused(hands_in) is Refusal.PICTURE_ID_MISSING
    build.adds(account, Document.PASSPORT)
    assert refused(hands_in) is Refusal.ADDRESS_PROOF_MISSING
    build.adds(account, Document.LEASE)
    assert hands_in().state == State.WAITING


def test_a_document_sent_twice_is_one():
    """The same form again. [V-5]"""
    manual, once = build.collecting(), uuid4()
    assert build.adds(manual.account, once=once) == build.adds(manual.account, once=once)
    assert len(queries.evidence_of(manual)) == 3


def test_there_is_an_end_to_documents(settings):
    """Eight. [V-5]"""
    manual = build.collecting()
    for _ in range(settings.LIMITS.evidence_most - 2):
        build.adds(manual.account)
    assert refused(build.adds, manual.account) is Refusal.TOO_MANY_DOCUMENTS


def test_a_document_taken_back_is_deleted_at_once():
    """Its content, too. [V-7]"""
    manual = build.collecting()
    evidence = queries.evidence_of(manual)[0]
    actions.remove_evidence(
        account=manual.account, evidence_id=evidence.pk, by=build.by(manual.account), now=clock.now()
    )
    assert evidence not in queries.evidence_of(manual)
    assert not Sealed.objects.filter(pk=evidence.upload_id).exists()


def test_nobody_takes_back_somebody_elses_document():
    """It is none of their case's. [AR15]"""
    mine, theirs = build.collecting(), build.collecting()
    stranger = queries.evidence_of(theirs)[0]
    code = refused(
        actions.remove_evidence,
        account=mine.account,
        evidence_id=stranger.pk,
        by=build.by(mine.account),
        now=clock.now(),
    )
    assert code is Refusal.NO_SUCH_DOCUMENT


def test_what_was_handed_in_stays_as_it_is():
    """Nothing is added or taken back while the desk looks. [V-5]"""
    manual = build.waiting()
    assert refused(build.adds, manual.account) is Refusal.NOT_COLLECTING


def test_what_was_never_handed_in_goes_after_thirty_days():
    """Forgotten documents do not lie there for ever. [V-7]"""
    manual = build.collecting()
    delete_due(clock.now() + DAYS)
    assert queries.evidence_of(manual) == []


# --- Who decides ----------------------------------------------------------------------------------


def test_one_proposes_and_another_confirms():
    """Proofed then, at the higher level, with method and time; the person and their address are told. [V-5, H-5, V-7]"""
    manual = build.waiting()
    proposed = build.proposes(manual, build_desk.tier(3))
    assert proposed.state == State.VERIFY_PROPOSED
    assert not is_proofed(manual.account)
    assert build.settles(manual, build_desk.tier(3)).state == State.VERIFIED
    assert (is_proofed(manual.account), assurance_level(manual.account)) == (True, 2)
    case = Case.objects.verified().get(account=manual.account)
    assert (case.method, case.verified_at is not None) == ("manual", True)
    assert standing(manual.account, now=clock.now()).place is Place.VERIFIED


def test_nobody_confirms_what_they_proposed():
    """Not to verify, not to refuse. [H-5]"""
    for verdict in Verdict:
        manual, decider = build.waiting(), build_desk.tier(3)
        build.proposes(manual, decider, verdict)
        assert refused(build.settles, manual, decider) is Refusal.SAME_PERSON


def test_with_the_setting_off_one_person_decides(settings):
    """A deployment may say so. [V-5]"""
    settings.MANUAL_PROOFING_BY_TWO = False
    manual = build.waiting()
    assert build.proposes(manual, build_desk.tier(3)).state == State.VERIFIED
    assert is_proofed(manual.account)


def test_the_second_sends_back_and_another_proposal_is_made():
    """With a reason, and everything stays written. [H-5]"""
    manual, first, second = build.waiting(), build_desk.tier(3), build_desk.tier(3)
    build.proposes(manual, first)
    assert refused(build.settles, manual, second, confirms=False, why="no") is Refusal.WHY_TOO_SHORT
    assert build.settles(manual, second, confirms=False).state == State.WAITING
    build.proposes(manual, second, Verdict.REFUSE)
    assert build.settles(manual, first).state == State.REFUSED
    kinds = [each.kind for each in queries.judgements_of(manual)]
    assert kinds == ["proposed", "sent_back", "proposed", "confirmed"]


def test_nobody_is_verified_without_the_needed_checks():
    """What was checked, and why. [V-5]"""
    manual, decider = build.waiting(), build_desk.tier(3)
    assert refused(build.proposes, manual, decider, checked=[]) is Refusal.CHECKS_MISSING
    assert refused(build.proposes, manual, decider, why="ok") is Refusal.WHY_TOO_SHORT
    assert build.proposes(manual, decider, Verdict.REFUSE, checked=[]).state == State.REFUSE_PROPOSED


def test_the_second_proposal_finds_the_case_moved_on():
    """One wins. [Q-5]"""
    manual = build.waiting()
    build.proposes(manual, build_desk.tier(3))
    assert refused(build.proposes, manual, build_desk.tier(3)) is Refusal.MOVED_ON


def test_documents_prove_the_facts_they_were_handed_in_for():
    """A correction meanwhile proves nothing; the person hands in again. [A-7]"""
    manual, decider = build.waiting(), build_desk.tier(3)
    account = manual.account
    facts = personal_facts(account)
    changed = type(facts)(**{**facts.__dict__, "last": "Somebodyelse"})
    correct_personal_facts(account=account, facts=changed, by=build.by(account), now=clock.now())
    manual.refresh_from_db()
    assert refused(build.proposes, manual, decider) is Refusal.FACTS_CHANGED
    actions.ask_for_more(
        manual_id=manual.pk, decider=decider, missing=build.MISSING, by=build.by(decider), now=clock.now()
    )
    actions.hand_in(account=account, by=build.by(account), now=clock.now())
    build.decided(manual)
    assert is_proofed(account)


def test_what_waits_for_the_scanner_is_not_decided_on(settings):
    """Nobody opened it yet. [AR15]"""
    settings.UPLOAD_SCANNER = object()
    manual = build.waiting()
    assert refused(build.proposes, manual, build_desk.tier(3)) is Refusal.NOT_SCANNED


# --- What becomes of it -----------------------------------------------------------------------------


def test_after_a_refusal_only_a_corrected_vendor_file_helps(settings):
    """No second case for the same facts; the vendor, with its file corrected, still verifies. [V-5]"""
    manual = build.waiting()
    build.decided(manual, Verdict.REFUSE)
    account = manual.account
    assert standing(account, now=clock.now()).place is Place.REFUSED
    assert refused(opens, account) is Refusal.VENDOR_FILE_ONLY
    build_proofing.answering(settings, Verified())
    build_proofing.asks(account, now=clock.now())
    assert is_proofed(account)


def test_abroad_other_documents_may_be_brought_after_a_rest(settings):
    """There is no vendor's file to correct: nobody is stuck. [A-8]"""
    account = build_pages.person(is_proofed=False, address=build.ABROAD)
    build.decided(build.waiting(account), Verdict.REFUSE)
    assert refused(opens, account) is Refusal.RESTING
    later = clock.now() + settings.LIMITS.proofing_cool_down + timedelta(seconds=1)
    assert actions.open_manual(account=account, by=build.by(account), now=later).state == State.COLLECTING


def test_verified_abroad_and_without_an_ssn():
    """Somebody without one is proofed by hand all the same. [A-8]"""
    account = build_pages.person(is_proofed=False, address=build.ABROAD, ssn="")
    build.decided(build.waiting(account))
    assert is_proofed(account)


def test_a_number_that_is_another_persons_is_not_given_away_by_hand():
    """The first verified keeps it; this claim is void, and stays written. [A-5]"""
    account = build.unproven(ssn="901009999")
    manual = build.waiting(account)
    build_pages.person(ssn="901009999", first="Other", last="Holder")
    build.decided(manual)
    assert manual.state == State.VOID
    assert not is_proofed(account)
    assert not SsnNumber.objects.filter(account=account, state=SsnState.VERIFIED).exists()


def test_who_is_verified_by_phone_meanwhile_needs_no_documents(settings):
    """The case closes by itself, and its evidence goes on its day. [V-4, V-7]"""
    manual = build.waiting()
    build_proofing.answering(settings, Verified())
    build_proofing.asks(manual.account, now=clock.now())
    manual.refresh_from_db()
    assert manual.state == State.CLOSED
    delete_due(clock.now() + DAYS)
    assert not Sealed.objects.exists()


def test_evidence_is_deleted_thirty_days_after_the_decision_and_the_outcome_stays():
    """Not before, and late or twice changes nothing. [V-7]"""
    manual = build.waiting()
    build.decided(manual)
    manual.refresh_from_db()
    delete_due(manual.decided_at + DAYS - timedelta(seconds=1))
    assert Sealed.objects.count() == 2
    delete_due(manual.decided_at + DAYS)
    delete_due(manual.decided_at + DAYS)
    assert Sealed.objects.count() == 0
    assert Evidence.objects.filter(manual=manual).count() == 2
    assert Judgement.objects.filter(manual=manual).count() == 2
    assert is_proofed(manual.account)


def test_undecided_evidence_is_not_deleted():
    """However long the desk takes. [V-7]"""
    manual = build.waiting()
    assert uploads.delete_due(by=By("system:test"), now=clock.now() + 10 * DAYS) == 0
    assert len(queries.evidence_of(manual)) == 2


def test_a_letter_goes_to_the_address_of_record_after_each_success():
    """On paper, beside the mail; the address stands sealed, and nowhere else. [V-7]"""
    manual = build.waiting()
    build.decided(manual)
    letter = Message.objects.get(channel="letter", to=str(manual.account.pk))
    assert letter.is_secret
    text = unseal(letter.body, key=letter.key)
    assert "12 Larkspur Lane" in text
    assert "Orlando, FL 32801" in text
    assert "identity-verified" in Message.objects.filter(to=manual.account.email).values_list(
        "kind", flat=True
    )


def test_a_success_online_is_told_by_letter_too(settings):
    """Each success. [V-7]"""
    build_proofing.answering(settings, Verified())
    account = build_proofing.holder(now=clock.now())
    build_proofing.asks(account, now=clock.now())
    assert Message.objects.filter(channel="letter", to=str(account.pk)).count() == 1


def test_a_call_sends_no_letter(settings):
    """Nothing has succeeded yet. [V-7]"""
    build_proofing.answering(settings, Call("AC34-7HJK-9MNP", clock.now() + DAYS, "202-555-0143"))
    account = build_proofing.holder(now=clock.now())
    build_proofing.asks(account, now=clock.now())
    assert not Message.objects.filter(channel="letter").exists()
