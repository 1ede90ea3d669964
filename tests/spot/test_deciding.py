"""What the desk does with a case: take, return, deny, call back, approve (F-7, F-8, F-11, B-1)."""

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment import actions as enrollment
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import Case, Remark, Signature
from bailiwick.spot.payers.port import NoMatch, Unavailable
from bailiwick.spot.rules.deciding import Refusal
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.enrollment import Delivery
from bailiwick.spot.rules.forms import State
from bailiwick.spot.signin.models import Session
from bailiwick.wire.claims import ACR_LIMITED
from tests.spot.build_desk import DINA, approving, by_of, desk, seated, submitted_case, taken_case
from tests.spot.build_forms import CONTACT, VISITOR
from tests.spot.build_signing import mails, on_file, refusal_of, text_of

pytestmark = pytest.mark.django_db

STRANGER = {"official_name": "Vera Wold", "official_email": "vera.wold@elsewhere.example"}


def take(case, one, **changes):
    return actions.take(case=case, desk=one, by=by_of(one), now=clock.now(), **changes)


def give_back(case, one, remarks=None, note="", **changes):
    said = {"remarks": remarks or {}, "note": note, "seen_revision": case.revision, **changes}
    return actions.return_case(case=case, desk=one, by=by_of(one), now=clock.now(), **said)


def deny(case, one, reason="The group is not on file.", **changes):
    said = {"reason": reason, "seen_revision": case.revision, **changes}
    return actions.deny(case=case, desk=one, by=by_of(one), now=clock.now(), **said)


def call_back(case, one, **changes):
    said = {"note": "Spoke with the front desk.", "seen_revision": case.revision, "on_file": on_file(case)}
    return actions.note_callback(case=case, desk=one, by=by_of(one), now=clock.now(), **(said | changes))


def entries(deed: Deed) -> list[Entry]:
    return list(Entry.objects.filter(deed=deed))


def test_a_case_is_taken_once_and_by_one():
    """Whoever takes a case has it; a colleague takes it over only from the hands that the page named. [B-1]"""
    todd, dina = desk(), desk(**DINA)
    case = take(submitted_case(), todd)
    assert (case.state, str(case.assigned_to_id)) == (State.IN_REVIEW, todd.key)
    assert take(case, todd).state == State.IN_REVIEW
    assert refusal_of(take, case, dina) == Refusal.TAKEN_BY_ANOTHER
    assert str(take(case, dina, instead_of=todd.key).assigned_to_id) == dina.key
    assert refusal_of(take, case, todd, instead_of=todd.key) == Refusal.TAKEN_BY_ANOTHER
    assert len(entries(Deed.FORM_TAKEN)) == len(entries(Deed.FORM_HANDED_OVER)) == 1


def test_nobody_decides_what_they_have_not_taken():
    """Submitted, or in a colleague's hands: taking comes first. [B-1]"""
    todd, dina = desk(), desk(**DINA)
    case = submitted_case()
    assert refusal_of(deny, case, todd) == Refusal.NOT_TAKEN
    take(case, dina)
    for act in (deny, approving, lambda c, one: give_back(c, one, note="x")):
        assert refusal_of(act, case, todd) == Refusal.TAKEN_BY_ANOTHER
    assert not Message.objects.filter(kind__startswith="form-denied").exists()


@pytest.mark.parametrize("who", ["contact", "approver", "official"])
@pytest.mark.parametrize("part", ["name", "email"])
def test_nobody_decides_a_case_that_names_them(who, part):
    """By name or by mailbox, contact, approver or official; that they tried is on the ledger. [B-1, Q-5, L-2]"""
    case = submitted_case()
    colleague = desk(user_id="own.case", **{part: queries.answers_of(case)[f"{who}_{part}"]})
    assert refusal_of(take, case, colleague) == Refusal.OWN_CASE
    assert [entry.why for entry in entries(Deed.DESK_REFUSED)] == [Refusal.OWN_CASE]


@pytest.mark.parametrize("change", [{"is_of_desk": False}, {"acr": ACR_LIMITED}, {"is_confirmed": False}])
def test_nobody_else_acts(change):
    """Without the role, with e-mail as only factor, or while IDM is silent: nothing happens. [B-1, S-2, O-5]"""
    todd = desk()
    case = taken_case(todd)
    weak = desk(**change)
    for act in (take, deny, approving, lambda c, one: give_back(c, one, note="x"), call_back):
        assert refusal_of(act, case, weak)
    case.refresh_from_db()
    assert case.state == State.IN_REVIEW
    assert not EnrollmentRecord.objects.exists()


def test_a_session_that_ended_meanwhile_decides_nothing(provider):
    """IDM ended the session, or took the role, between the page and the act: refused under the lock. [O-5, F-11]"""
    todd = desk()
    case = taken_case(todd)
    _, session = seated(provider)
    held = desk(session=str(session.pk))
    Session.objects.filter(pk=session.pk).update(grants=[])
    assert refusal_of(deny, case, held) == Refusal.NOT_OF_THE_DESK
    Session.objects.filter(pk=session.pk).update(ended_at=clock.now(), end_reason="access_ended")
    assert refusal_of(deny, case, held) == Refusal.NOT_OF_THE_DESK


def test_returned_with_remarks_by_field_and_mailed():
    """The contact reads each remark with its field's name; the case is theirs again, and nobody's at the desk. [B-1, F-7]"""
    todd = desk()
    case = give_back(
        taken_case(todd), todd, {"city": "Not the city on file.", "zip": " "}, note="Almost there."
    )
    assert (case.state, case.assigned_to_id) == (State.RETURNED, None)
    assert {(one.field, one.text) for one in Remark.objects.all()} == {
        ("city", "Not the city on file."),
        ("", "Almost there."),
    }
    text = text_of(mails(to=case.contact_email, kind="form-returned")[-1])
    assert "City: Not the city on file." in text
    assert "Almost there." in text
    assert case.tracking in text


@pytest.mark.parametrize(
    ("remarks", "refusal"),
    [
        ({}, Refusal.REMARK_NEEDED),
        ({"city": "  "}, Refusal.REMARK_NEEDED),
        ({"no_such_field": "Wrong."}, Refusal.REMARK_FIELD_UNKNOWN),
        ({"city": "x" * 1001}, Refusal.TEXT_TOO_LONG),
    ],
)
def test_a_return_says_what_is_wrong(remarks, refusal):
    """At least one remark, about fields that there are. [B-1]"""
    todd = desk()
    case = taken_case(todd)
    assert refusal_of(give_back, case, todd, remarks) == refusal
    assert not Remark.objects.exists()


def test_a_second_return_replaces_the_remarks_of_the_first():
    """What is asked for now is what the last return asked for. [B-1]"""
    todd = desk()
    case = give_back(taken_case(todd), todd, {"city": "First."})
    Case.objects.filter(pk=case.pk).update(state=State.IN_REVIEW, assigned_to=int(todd.key))
    give_back(case, todd, {"zip": "Second."})
    assert [one.text for one in Remark.objects.filter(resolved_at=None)] == ["Second."]
    assert len(mails(kind="form-returned")) == 2


def test_denied_with_a_reason_that_is_mailed():
    """For good, and the contact reads why. [F-11]"""
    todd = desk()
    case = taken_case(todd)
    assert refusal_of(deny, case, todd, "  ") == Refusal.DENIAL_REASON_NEEDED
    denied = deny(case, todd)
    assert (denied.state, denied.decision_reason) == (State.DENIED, "The group is not on file.")
    assert "The group is not on file." in text_of(mails(to=case.contact_email, kind="form-denied")[-1])
    deny(case, todd)
    assert len(mails(kind="form-denied")) == len(entries(Deed.FORM_DENIED)) == 1


def test_the_second_decider_hears_who_decided():
    """Two people cannot decide one case. [B-1]"""
    todd, dina = desk(), desk(**DINA)
    case = deny(taken_case(todd), todd)
    with pytest.raises(Refused) as refused:
        approving(case, dina)
    assert refused.value.code == Refusal.ALREADY_DECIDED
    assert refused.value.facts["who"] == "Todd Twomey"
    assert refusal_of(approving, case, todd) == Refusal.ALREADY_DECIDED


def test_approval_issues_the_submitter_id_and_sends_the_record_on_its_way():
    """Record, call to IDM, letters and decision in one; on its way until IDM confirms. [F-11]"""
    todd = desk()
    case = taken_case(todd)
    answers = queries.answers_of(case)
    record = approving(case, todd)
    case.refresh_from_db()
    assert (case.state, case.record, str(case.decided_by_id)) == (State.APPROVED, record, todd.key)
    assert record.delivery is Delivery.ON_ITS_WAY
    assert (record.legal_name, record.tin) == (answers["group_name"], answers["tin"])
    assert (record.approver_name, record.approver_email) == (
        answers["approver_name"],
        answers["approver_email"],
    )
    assert Message.objects.filter(channel="call", order=record.submitter_id).count() == 1
    assert [entry.organization for entry in entries(Deed.FORM_APPROVED)] == [record.submitter_id]


def test_contact_and_approver_read_submitter_id_and_legal_name():
    """One letter a mailbox, each with both; no TIN in any. [F-11, A-3]"""
    todd = desk()
    case = taken_case(todd)
    answers = queries.answers_of(case)
    record = approving(case, todd)
    letters = mails(kind="form-approved")
    assert {one.to for one in letters} == {case.contact_email, answers["approver_email"]}
    for letter in letters:
        text = text_of(letter)
        assert record.submitter_id in text
        assert record.legal_name in text
        assert answers["tin"] not in text


def test_an_approver_who_is_the_contact_gets_one_letter():
    """The same mailbox is written to once, with what the approver does next. [F-11, N-1]"""
    todd = desk()
    case = taken_case(todd, approver_email=CONTACT.upper())
    approving(case, todd)
    letters = mails(kind="form-approved")
    assert len(letters) == 1
    assert "Role Request" in text_of(letters[0])


@pytest.mark.parametrize("choice", ["yes", "no"])
def test_pc_ace_has_a_letter_of_its_own(choice):
    """Where it was asked for: what to type into the program, to the contact. [F-11]"""
    todd = desk()
    asked = {"claims_837": "yes", "pc_ace": choice, "pc_ace_license": "yes" if choice == "yes" else ""}
    case = taken_case(todd, **asked)
    record = approving(case, todd)
    letters = mails(kind="pcace-approved")
    assert [one.to for one in letters] == ([case.contact_email] if choice == "yes" else [])
    if letters:
        text = text_of(letters[0])
        answers = queries.answers_of(case)
        for fact in (record.submitter_id, record.legal_name, answers["group_ptan"], answers["group_npi"]):
            assert fact in text
        assert answers["tin"] not in text


def test_the_same_approval_again_changes_nothing():
    """A repeated press gives the same record: one submitter ID, one set of letters. [F-11]"""
    todd = desk()
    case = taken_case(todd)
    assert approving(case, todd).pk == approving(case, todd).pk
    assert EnrollmentRecord.objects.count() == len(entries(Deed.FORM_APPROVED)) == 1
    assert len(mails(kind="form-approved")) == 2


@pytest.mark.parametrize(
    "seen", [{"seen_revision": 1}, {"seen_signature_digest": "0" * 64}, {"seen_signature_digest": ""}]
)
def test_what_was_not_seen_is_not_approved(seen):
    """Another revision or another signature than on the decider's page: nothing is issued. [F-11]"""
    todd = desk()
    case = taken_case(todd)
    assert refusal_of(approving, case, todd, **seen) == Refusal.CHANGED_SINCE_SEEN
    assert not EnrollmentRecord.objects.exists()


def test_an_official_who_is_not_on_file_is_called_back_first():
    """No approval before tier 2 has called the number on file and written down what was said. [F-8]"""
    todd = desk()
    case = taken_case(todd, **STRANGER)
    assert queries.live_signature(case).authority == "callback_needed"
    assert refusal_of(approving, case, todd, reason="I know them.") == Refusal.CALLBACK_NEEDED
    assert refusal_of(call_back, case, todd, note=" ") == Refusal.CALLBACK_NOTE_NEEDED
    signature = call_back(case, todd)
    assert signature.callback_note.startswith(on_file(case).provider.phone)
    assert queries.answers_of(case)["contact_phone"] not in signature.callback_note
    assert str(signature.callback_by_id) == todd.key
    assert len(entries(Deed.FORM_CALLED_BACK)) == 1
    assert approving(case, todd).submitter_id
    assert Signature.objects.get().authority == "called_back"


@pytest.mark.parametrize("answer", [NoMatch(), Unavailable()])
def test_nobody_is_called_back_on_a_number_that_is_not_on_file(answer):
    """Without the payer's number there is no call back, and so no approval. [F-8]"""
    todd = desk()
    case = taken_case(todd, **STRANGER)
    assert refusal_of(call_back, case, todd, on_file=answer) == Refusal.NO_NUMBER_ON_FILE
    assert refusal_of(approving, case, todd, on_file=answer, reason="x") == Refusal.CALLBACK_NEEDED


def test_a_call_back_is_noted_once_and_only_where_it_is_needed():
    """An official on file needs none; a noted one is not written over. [F-8]"""
    todd = desk()
    assert refusal_of(call_back, taken_case(todd), todd) == Refusal.CALLBACK_NOT_NEEDED


def test_a_payer_that_does_not_answer_is_a_caution():
    """Matched when signed, silent now: approved with a reason, or not. [F-6]"""
    todd = desk()
    case = taken_case(todd)
    assert refusal_of(approving, case, todd, on_file=Unavailable()) == Refusal.CAUTION_REASON_NEEDED
    assert approving(case, todd, on_file=Unavailable(), reason="Matched at signing; asked again by phone.")
    case.refresh_from_db()
    assert case.decision_reason.startswith("Matched at signing")
    assert entries(Deed.FORM_APPROVED)[0].about["cautions"] == ["payer_unavailable"]


def test_a_change_after_the_return_voids_the_signature_and_the_next_approval_needs_another():
    """Corrected in place, the old signature is void; without a new one nothing is approved. [F-7, F-8]"""
    todd = desk()
    case = give_back(taken_case(todd), todd, {"city": "Wrong."})
    held = queries.answers_of(case)
    block = {field.code: held.get(field.code, "") for field in queries.kind_of(case).block("address").fields}
    case = actions.save_answers(
        case=case,
        block="address",
        answers=block | {"city": "Elsewhere"},
        expected_revision=case.revision,
        by=VISITOR,
        now=clock.now(),
    )
    assert queries.live_signature(case) is None
    assert Remark.objects.get().resolved_at is not None
    assert refusal_of(take, case, todd) == Refusal.NOT_AT_THE_DESK
    Case.objects.filter(pk=case.pk).update(state=State.IN_REVIEW, assigned_to=int(todd.key))
    case.refresh_from_db()
    assert refusal_of(approving, case, todd) == Refusal.NOT_SIGNED


def test_what_fails_half_way_leaves_nothing(settings):
    """The letters cannot be written: no submitter ID, no record, no decision, no call to IDM. [F-11]"""
    todd = desk()
    case = taken_case(todd)
    before = Message.objects.count()
    settings.ENVIRONMENT = None
    with pytest.raises(AttributeError):
        approving(case, todd)
    case.refresh_from_db()
    assert (case.state, case.record) == (State.IN_REVIEW, None)
    assert not EnrollmentRecord.objects.exists()
    assert Message.objects.count() == before


def test_the_record_names_the_form_that_it_comes_from():
    """Whoever asks why they have a role is told the form and who signed it; a change by command names none. [Q-11, F-11]"""
    todd = desk()
    case = taken_case(todd)
    record = approving(case, todd)
    signature = queries.live_signature(case)
    told = record.to_wire().form
    assert (told.number, told.signed_by) == (case.tracking, signature.name)
    assert record.versions.get().form_signed_at == signature.signed_at
    by_command = enrollment.change(
        record=record, changes={"phone": "2025550111"}, by=VISITOR, now=clock.now()
    )
    assert by_command.to_wire().form is None
