"""Many at once on one case: deciders, somebody who edits, somebody who signs (F-8, F-11)."""

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.actions.signing import sign
from bailiwick.spot.forms.models import Case
from bailiwick.spot.rules.deciding import Refusal
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import State
from tests.spot.build_desk import approving, by_of, desk, submitted_case, taken_case
from tests.spot.build_forms import ANSWERS, KIND, VISITOR, awaiting_case
from tests.spot.build_kinds import LISTED, approve, taken
from tests.spot.build_signing import OFFICIAL, at_once, attested, code_for, sign_now

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 20


def colleagues():
    return [desk(user_id=f"desk.{number}", name=f"Desk {number}", email="") for number in range(MANY)]


def taking(case, one):
    return lambda: actions.take(case=case, desk=one, by=by_of(one), now=clock.now())


def denying(case, one):
    return lambda: actions.deny(
        case=case, desk=one, reason="No.", seen_revision=case.revision, by=by_of(one), now=clock.now()
    )


def returning(case, one):
    return lambda: actions.return_case(
        case=case,
        desk=one,
        remarks={"city": "Wrong."},
        note="",
        seen_revision=case.revision,
        by=by_of(one),
        now=clock.now(),
    )


def editing(case, city):
    held = queries.answers_of(case)
    answers = {
        field.code: held.get(field.code, "") for field in queries.kind_of(case).block("address").fields
    }
    return lambda: actions.save_answers(
        case=case,
        block="address",
        answers=answers | {"city": city},
        expected_revision=case.revision,
        by=VISITOR,
        now=clock.now(),
    )


def test_two_forms_that_list_each_others_provider_are_approved_at_once():
    """Providers are locked in one order, the form's own among those of its list: neither waits for the other for ever. [E-1, F-4]"""
    one, other = colleagues()[:2]
    own, listed = (
        {**ANSWERS, "has_list": "yes"},
        {"name": "group_name", "ptan": "group_ptan", "npi": "group_npi"},
    )
    second = own | {on_form: LISTED[column] for column, on_form in listed.items()}
    row = LISTED | {column: ANSWERS[on_form] for column, on_form in listed.items()}
    cases = [taken(one, KIND, own, rows=[LISTED]), taken(other, KIND, second, rows=[row])]
    found = at_once(lambda: approve(cases[0], one), lambda: approve(cases[1], other))
    assert {type(record) for record in found} == {EnrollmentRecord}, found


def test_twenty_take_one_case_and_one_has_it():
    """One has it, nineteen hear who. [B-1]"""
    case = submitted_case()
    results = at_once(*[taking(case, one) for one in colleagues()])
    assert [result for result in results if not isinstance(result, Case)] == [Refusal.TAKEN_BY_ANOTHER] * (
        MANY - 1
    )
    assert Entry.objects.filter(deed=Deed.FORM_TAKEN, about__case=str(case.pk)).count() == 1


def test_twenty_approvals_at_once_issue_one_submitter_id():
    """One decision, one record, one call to IDM, one set of letters; every press is told the same record. [F-11]"""
    todd = desk()
    case = taken_case(todd)
    results = at_once(*[lambda: approving(case, todd)] * MANY)
    assert len({record.pk for record in results}) == EnrollmentRecord.objects.count() == 1
    assert Entry.objects.filter(deed=Deed.FORM_APPROVED, about__case=str(case.pk)).count() == 1
    assert Message.objects.filter(kind="form-approved").count() == 2
    assert Message.objects.filter(channel="call").count() == 1


def test_twenty_different_decisions_are_one():
    """Approve, deny and return from twenty windows: the first counts, and nothing of the others is left. [B-1, F-11]"""
    todd = desk()
    case = taken_case(todd)
    acts = [lambda: approving(case, todd), denying(case, todd), returning(case, todd)]
    results = at_once(*[acts[number % 3] for number in range(MANY)])
    case.refresh_from_db()
    letters = set(Message.objects.filter(kind__startswith="form-").values_list("kind", flat=True))
    told = {"form-approved", "form-denied", "form-returned"} & letters
    expected = {State.APPROVED: "form-approved", State.DENIED: "form-denied", State.RETURNED: "form-returned"}
    assert told == {expected[State(case.state)]}
    assert EnrollmentRecord.objects.count() == (case.state == State.APPROVED)
    assert any(not isinstance(result, Refusal) for result in results)


def test_two_forms_of_one_group_are_never_both_approved():
    """The same PTAN and NPI twice: the second is stopped at the latest when it is signed. [F-6]"""
    todd = desk()
    first, second = awaiting_case(), awaiting_case()
    sign_now(first[1], first[0])
    results = at_once(taking(first[0], todd), lambda: sign_now(second[1], second[0]))
    assert "form_group_in_review" in [str(result) for result in results]
    assert Case.objects.filter(holds_group=True).count() == 1


@pytest.mark.parametrize("is_signed", [False, True])
@pytest.mark.parametrize("round_", range(3))
def test_decider_editor_and_signer_at_once(round_, is_signed):
    """No acknowledged answer is lost, and what is approved is what was signed. [F-8, F-11]"""
    todd = desk()
    case, token = awaiting_case()
    code, said, revision = code_for(token), attested(case), case.revision
    if is_signed:
        sign_now(token, case, code=code)

    def signing():
        return sign(invitation_token=token, code=code, by=OFFICIAL, now=clock.now(), **said)

    def deciding():
        return approving(taking(case, todd)(), todd)

    acts = [signing, *[deciding] * 4, *[editing(case, f"City {number}") for number in range(3)]]
    results = at_once(*(acts[round_ * 2 :] + acts[: round_ * 2]))
    case.refresh_from_db()
    live, city = queries.live_signature(case), queries.answers_of(case)["city"]
    if live is not None:
        assert (live.revision, live.digest) == (case.revision, queries.version_of(case).digest)
    if case.state == State.APPROVED:
        assert (live.revision, live.digest) == (revision, said["seen_digest"])
        assert EnrollmentRecord.objects.get().city == city
    else:
        assert not EnrollmentRecord.objects.exists()
    saved = [result for result in results if isinstance(result, Case) and result.revision > revision]
    assert len(saved) <= 1
    if saved:
        assert city.startswith("City ")
        assert case.state != State.APPROVED
