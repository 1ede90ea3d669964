"""Update, enrollment change and the third party's form: what an approval of each does, and what stands before it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.era_words import takes
from bailiwick.spot.forms.models import Case, Signature
from bailiwick.spot.rules import enrollment, services
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.deciding import Refusal
from bailiwick.spot.rules.forms import Authority, State
from bailiwick.spot.rules.services import Pair
from bailiwick.spot.rules.signing import Refusal as SigningRefusal
from bailiwick.spot.services import actions as serving
from bailiwick.spot.services.models import Affiliation
from bailiwick.spot.services.queries import provider_of, route_on, served_by, with_receivers
from tests.refusing import refusal
from tests.spot.build_desk import by_of, desk
from tests.spot.build_enrollment import BY, enrolled
from tests.spot.build_forms import mailed
from tests.spot.build_kinds import (
    NEW_APPROVER,
    PELICAN,
    TIDEWATER,
    TIDEWATER_RECORD,
    approve,
    change_answers,
    filled,
    pelican,
    signed,
    taken,
    update_answers,
)
from tests.spot.build_signing import on_file

pytestmark = pytest.mark.django_db
PAIR = Pair("PC2041", "1900410006", "B")


def codes(case) -> set[str]:
    return {str(problem.code) for problem in queries.problems(case) if problem.stops}


def today():
    return timezone.localdate(clock.now())


def serve(record, **changes):
    asked = {"services": frozenset(), "is_own": True, "name": "Pelican Cove", "state": "FL", **changes}
    return serving.affiliate(record=record, pair=PAIR, on=today(), by=BY, now=clock.now(), **asked)


# --- Update --------------------------------------------------------------------------------------


def test_an_update_replaces_the_approver_of_record():
    """The record gets its next version, IDM is sent it, and everybody before and after is told. [F-11, F-12, G-8]"""
    record, one, last_day = pelican(), desk(), today() + timedelta(days=40)
    typed = last_day.strftime("%m/%d/%Y")
    case = taken(one, "update", update_answers(record, **NEW_APPROVER, handover_on=typed))
    changed = approve(case, one)
    assert (changed.pk, changed.version, changed.approver_name) == (record.pk, 2, "Nina Newcomer")
    assert (changed.backup_name, changed.legal_name) == ("Ben Backup", "Pelican Cove Dermatology")
    case.refresh_from_db()
    assert (case.state, case.record) == (State.APPROVED, changed)
    wire = changed.to_wire()
    assert (wire.form.number, wire.form.signed_by, wire.handover_on) == (
        case.tracking,
        "Nora Castellan",
        last_day.isoformat(),
    )
    former = mailed(PELICAN["approver"]["email"], "form-approved")[-1]["text"]
    assert "not on the record any more" in former
    new = mailed(NEW_APPROVER["approver_email"], "form-approved")[-1]["text"]
    assert "You are the approver of record now" in new
    assert record.submitter_id in new
    assert mailed(case.contact_email, "form-approved")


def test_everybody_who_leaves_and_whoever_moves_up_gets_a_letter():
    """Approver and backup replaced at once are two letters; a backup who becomes the approver reads that. [F-12, N-1]"""
    record, one = pelican(), desk()
    ada, ben, zoe = PELICAN["approver"]["email"], PELICAN["backup"]["email"], "zoe@pelicancove.example"
    new_backup = {
        "backup_change": "name",
        "backup_name": "Zoe New",
        "backup_email": zoe,
        "backup_phone": "2025550190",
    }
    approve(taken(one, "update", update_answers(record, **NEW_APPROVER, **new_backup)), one)
    for mailbox in (ada, ben):
        (letter,) = mailed(mailbox, "form-approved")
        assert "not on the record any more" in letter["text"]
    zoe_moves_up = {"approver_change": "replace", "approver_name": "Zoe New", "approver_email": zoe}
    changes = {**zoe_moves_up, "approver_phone": "2025550190", "backup_change": "remove"}
    approve(taken(one, "update", update_answers(record, **changes)), one)
    assert "You are the approver of record now" in mailed(zoe, "form-approved")[-1]["text"]


def test_an_update_removes_the_backup_and_changes_name_and_address():
    """Whatever is answered changes, and nothing else. [F-12]"""
    record, one = pelican(), desk()
    changes = {
        "backup_change": "remove",
        "name_change": "yes",
        "new_name": "Pelican Cove Skin Care",
        "address_change": "yes",
        "address_line_1": "40 New Street",
        "city": "Tampa",
        "address_state": "FL",
        "zip": "33602",
        "company_phone": "2025550199",
    }
    changed = approve(taken(one, "update", update_answers(record, **changes)), one)
    assert (changed.legal_name, changed.backup_name, changed.address, changed.phone) == (
        "Pelican Cove Skin Care",
        "",
        "40 New Street",
        "2025550199",
    )
    assert changed.approver_name == "Ada Approver"


def test_an_update_that_changes_nothing_is_not_signed():
    """Every answer says keep: there is nothing to approve. [F-12]"""
    case = filled("update", update_answers(pelican()))
    assert codes(case) == {Finding.NOTHING_TO_CHANGE}


def test_a_change_of_the_approver_waits_a_day_for_objection():
    """Those of record are told of the signature, and when the day is over; earlier it cannot be approved. [F-8]"""
    record, one = pelican(), desk()
    case = taken(one, "update", update_answers(record, **NEW_APPROVER), days_ago=0.9)
    assert refusal(approve, case, one) is Refusal.OBJECTION_TIME
    for mailbox in (PELICAN["approver"]["email"], PELICAN["backup"]["email"], "office@pelicancove.example"):
        warning = mailed(mailbox, "form-signed-warning")[-1]["text"]
        assert "you can object until then" in warning
        assert NEW_APPROVER["approver_name"] in warning
    Signature.objects.update(signed_at=clock.now() - timedelta(hours=24))
    assert approve(case, one).approver_name == "Nina Newcomer"


def test_a_change_of_address_alone_waits_for_nobody():
    """Only who approves, and who gets the remittance, can be objected to. [F-8]"""
    record, one = pelican(), desk()
    answers = update_answers(record, name_change="yes", new_name="Pelican Cove Skin Care")
    approve(taken(one, "update", answers, days_ago=0), one)


def test_another_organizations_official_changes_nobodys_record():
    """Who is on file for a provider of their own cannot update the record of another TIN. [F-8, F-12]"""
    record, one = pelican(tin="900450002"), desk()
    case = taken(one, "update", update_answers(record, **NEW_APPROVER))
    assert refusal(approve, case, one) is Refusal.RECORD_DIFFERS
    record.refresh_from_db()
    assert (record.version, record.approver_name) == (1, "Ada Approver")
    assert mailed(PELICAN["approver"]["email"], "form-signed-warning")


def test_the_approver_of_record_may_sign_an_update():
    """For a change the people of the record are known, too. [F-8]"""
    record = pelican()
    ada = {"official_name": "Ada Approver", "official_email": PELICAN["approver"]["email"]}
    case = signed("update", update_answers(record, **NEW_APPROVER, **ada))
    assert queries.live_signature(case).authority == Authority.MATCHED


def test_whoever_left_the_record_since_they_signed_is_called_back():
    """Signed while they were on record, decided when they are not: tier 2 calls before it is approved. [F-8]"""
    record, one = pelican(), desk()
    ada = {"official_name": "Ada Approver", "official_email": PELICAN["approver"]["email"]}
    case = taken(one, "update", update_answers(record, backup_change="remove", **ada))
    approve(taken(one, "update", update_answers(record, **NEW_APPROVER)), one)
    assert refusal(approve, case, one) is Refusal.CALLBACK_NEEDED
    said = {"desk": one, "note": "She had left.", "seen_revision": case.revision, "by": by_of(one)}
    actions.note_callback(case=case, on_file=on_file(case), now=clock.now(), **said)
    assert approve(case, one).backup_name == ""


def test_a_strangers_update_waits_for_a_call():
    """Nobody on file under this name and mailbox: tier 2 calls the number on file first. [F-8]"""
    stranger = {"official_name": "Sly Stranger", "official_email": "sly@elsewhere.example"}
    one = desk()
    case = taken(one, "update", update_answers(pelican(), **NEW_APPROVER, **stranger))
    assert refusal(approve, case, one) is Refusal.CALLBACK_NEEDED


def test_a_third_partys_person_does_not_sign_a_providers_update():
    """Whatever the form says the organization is: the record knows. [F-8]"""
    enrolled(**TIDEWATER_RECORD)
    record = pelican()
    answers = update_answers(
        record,
        **NEW_APPROVER,
        organization_type="billing_service",
        official_name="Tess Approver",
        official_email=TIDEWATER["approver_email"],
    )
    assert refusal(signed, "update", answers) is SigningRefusal.THIRD_PARTY


def test_whoever_signed_a_third_partys_own_form_is_its_person():
    """Though its record names others; an official who has a billing service added stays the provider's. [F-8]"""
    one = desk()
    tidewater = approve(taken(one, "new-billing-service", TIDEWATER), one)
    add = change_answers(tidewater, "add", submitter_name=tidewater.legal_name)
    approve(taken(one, "enrollment-change", add), one)
    answers = update_answers(pelican(), **NEW_APPROVER)
    graham = {name: TIDEWATER[name] for name in ("official_name", "official_email")}
    assert refusal(signed, "update", {**answers, **graham}) is SigningRefusal.THIRD_PARTY
    signed("update", answers)


def test_two_updates_of_one_record_follow_each_other():
    """The second is the next version; asking for what is so already is refused with a sentence. [F-12]"""
    record, one = pelican(), desk()
    answers = update_answers(record, **NEW_APPROVER)
    first, second = taken(one, "update", answers), taken(one, "update", answers)
    approve(first, one)
    assert refusal(approve, second, one) is enrollment.Refusal.RECORD_UNCHANGED
    assert EnrollmentRecord.objects.get(pk=record.pk).version == 2


# --- Enrollment change ---------------------------------------------------------------------------


def test_a_provider_is_added_to_a_submitter_id_with_claims():
    """The same submitter ID serves one more provider; the record stays as it is. [F-1, E-1]"""
    record, one = pelican(), desk()
    approve(taken(one, "enrollment-change", change_answers(record, "add")), one)
    (served,) = with_receivers(served_by(record, day=today()), day=today())
    assert (served.provider.ptan, served.affiliation.is_own, served.affiliation.sends_claims) == (
        "PC2041",
        True,
        True,
    )
    assert EnrollmentRecord.objects.get().version == 1


def test_the_remittance_moves_to_another_receiver_and_the_loser_is_told():
    """One receiver a day: whoever had it is named before the signature, told of it, and has it no longer. [E-2, F-8]"""
    record, one = pelican(), desk()
    serve(record)
    receiver = enrolled(**TIDEWATER_RECORD)
    provider = provider_of(PAIR)
    serving.route_era(provider=provider, receiver=record, on=today(), seen=None, by=BY, now=clock.now())
    answers = change_answers(
        record,
        "era",
        era="existing",
        era_receiver_id=receiver.submitter_id,
        era_receiver_name=receiver.legal_name,
        era_aggregation="npi",
    )
    case = taken(one, "enrollment-change", answers, days_ago=0.5)
    assert refusal(approve, case, one) is Refusal.OBJECTION_TIME
    Signature.objects.update(signed_at=clock.now() - timedelta(hours=25))
    assert refusal(approve, case, one, seen_route="") is services.Refusal.CHANGED_SINCE_SEEN
    approve(case, one)
    assert route_on(provider, today()).receiver == receiver
    assert mailed(record.approver_email, "era-moved")


def test_who_else_sends_claims_is_named_and_goes_on():
    """Several submitters may serve one provider; those who are not named to be kept are told, and none is dropped. [E-3]"""
    record, one, other = pelican(), desk(), enrolled(**TIDEWATER_RECORD)
    serve(other, services=frozenset({services.Service.CLAIMS}), is_own=False)
    case = taken(one, "enrollment-change", change_answers(record, "claims"))
    (told,) = takes(case, queries.answers_of(case), day=today())
    assert "are not named to be kept, and go on: Tidewater Billing Partners" in told
    kept = {"claims_kept": f"xx, {other.submitter_id.lower()}"}
    (told,) = takes(case, {**queries.answers_of(case), **kept}, day=today())
    assert "as the form says: Tidewater Billing Partners" in told
    approve(case, one)
    assert Affiliation.objects.filter(sends_claims=True, ends_on=None).count() == 2


def test_a_receiver_is_named_by_id_and_name_together():
    """A wrong pair stops the signature, and is not told which half. [F-5]"""
    record = pelican()
    answers = change_answers(
        record,
        "era",
        era="existing",
        era_receiver_id=record.submitter_id,
        era_receiver_name="Somebody Else",
        era_aggregation="tin",
    )
    assert codes(filled("enrollment-change", answers)) == {Finding.RECEIVER_NO_MATCH}


def test_pc_ace_brings_its_letter_and_claims():
    """Its own approval letter with the data to type; no TIN in it; and since when is on record. [F-11, E-4]"""
    record, one = pelican(), desk()
    answers = change_answers(record, "pc_ace", pc_ace_license="yes")
    case = taken(one, "enrollment-change", answers)
    approve(case, one)
    letter = mailed(case.contact_email, "pcace-approved")[-1]["text"]
    assert record.submitter_id in letter
    assert PELICAN["tin"] not in letter
    row = Affiliation.objects.get()
    assert (row.sends_claims, row.pc_ace_on) == (True, today())


def test_a_provider_leaves_a_submitter_id():
    """Claims, status requests and remittance through it end; what never was cannot end. [F-1, E-1]"""
    record, one = pelican(), desk()
    serve(record)
    serving.route_era(
        provider=provider_of(PAIR), receiver=record, on=today(), seen=None, by=BY, now=clock.now()
    )
    answers = change_answers(record, "remove")
    approve(taken(one, "enrollment-change", answers), one)
    assert not served_by(record, day=today())
    assert route_on(provider_of(PAIR), today()) is None
    case = taken(one, "enrollment-change", answers)
    assert refusal(approve, case, one) is services.Refusal.PAIR_UNKNOWN
    assert Case.objects.get(pk=case.pk).state == State.IN_REVIEW


def test_a_provider_who_left_can_be_added_again():
    """What was approved once holds its group for as long as the group is served, and no longer. [F-6, E-1]"""
    record, one = pelican(), desk()
    add, remove = change_answers(record, "add"), change_answers(record, "remove")
    approve(taken(one, "enrollment-change", add), one)
    assert Finding.GROUP_ENROLLED in codes(filled("enrollment-change", add))
    approve(taken(one, "enrollment-change", remove), one)
    approve(taken(one, "enrollment-change", add), one)
    assert served_by(record, day=today())
    assert Finding.GROUP_ENROLLED in codes(filled("enrollment-change", add))


# --- A billing service or clearinghouse ----------------------------------------------------------


def test_a_billing_service_is_enrolled():
    """Its own official, on the payer's file by TIN, signs; the record is of its kind, and serves nobody yet. [F-3, F-11]"""
    one = desk()
    case = taken(one, "new-billing-service", TIDEWATER)
    assert queries.live_signature(case).authority == Authority.MATCHED
    record = approve(case, one)
    assert (record.kind, record.legal_name, record.phone) == (
        "billing_service",
        "Tidewater Billing Partners",
        "2025550181",
    )
    assert not Affiliation.objects.exists()
    assert "Business Office Approver" in mailed(TIDEWATER["approver_email"], "form-approved")[-1]["text"]


def test_a_billing_service_that_nobody_has_on_file_is_called_back_by_nobody():
    """No number on file, no approval. [F-8]"""
    one = desk()
    case = taken(one, "new-billing-service", {**TIDEWATER, "tin": "900450299"})
    assert refusal(approve, case, one) is Refusal.CALLBACK_NEEDED
    assert Entry.objects.filter(deed="form:case:approved").count() == 0
