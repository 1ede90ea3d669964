"""Saving: every save is a version, nothing acknowledged is lost, nothing signed is changed unnoticed (F-7, F-8, B-1)."""

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import Case, Remark
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import Refusal, State
from tests.spot.build_desk import by_of, desk, taken_case
from tests.spot.build_forms import (
    ANSWERS,
    VISITOR,
    answered,
    awaiting_case,
    draft_case,
    filled_case,
    later,
    mailed,
    signed_case,
    token_mailed,
)
from tests.spot.build_signing import sign_now

pytestmark = pytest.mark.django_db


def save(
    case: Case, answers: dict[str, str], *, block: str = "provider", revision: int | None = None
) -> Case:
    return actions.save_answers(
        case=case,
        block=block,
        answers=answers,
        expected_revision=case.revision if revision is None else revision,
        by=VISITOR,
        now=clock.now(),
    )


def refusal(case: Case, answers: dict[str, str], **changes) -> Refused:
    with pytest.raises(Refused) as refused:
        save(case, answers, **changes)
    return refused.value


def test_each_save_is_a_version_and_the_old_ones_stay():
    """What it said before can be read for ever. [F-7]"""
    case = draft_case()
    case = save(case, {"group_name": "One"})
    case = save(case, {"group_name": "Two"})
    assert case.revision == 3
    assert [queries.answers_of(case, number).get("group_name") for number in (1, 2, 3)] == [
        None,
        "One",
        "Two",
    ]
    assert [version.revision for version in queries.versions_of(case)] == [3, 2, 1]


def test_what_changed_between_two_versions_is_told_by_field():
    """The desk sees what was corrected. [B-1]"""
    case = draft_case()
    case = save(case, {"group_name": "One"})
    case = save(case, {"group_name": "Two", "tin": "900450101"})
    changes = queries.changes_between(case, 2, 3)
    assert [(field.code, before, after) for field, before, after in changes] == [
        ("group_name", "One", "Two"),
        ("tin", "", "900450101"),
    ]


def test_a_save_over_somebody_elses_is_refused_and_loses_nothing():
    """Whoever comes second is told, and nothing of theirs is half-written. [F-7]"""
    case = draft_case()
    save(case, {"group_name": "One"})
    refused = refusal(case, {"group_name": "Two"}, revision=1)
    assert (refused.code, refused.facts["revision"]) == (Refusal.CHANGED_ELSEWHERE, 2)
    case.refresh_from_db()
    assert (case.revision, queries.answers_of(case)["group_name"]) == (2, "One")


def test_the_same_answers_saved_again_change_nothing():
    """A page sent twice is one save, whatever revision it names. [F-7]"""
    case = draft_case()
    first = save(case, {"group_name": "One"})
    again = save(case, {"group_name": " One "}, revision=1)
    assert again.revision == first.revision == 2
    assert Entry.objects.filter(deed=Deed.FORM_SAVED).count() == 1


def test_fields_left_out_stay_and_an_empty_answer_takes_back():
    """A save of some fields touches no others. [F-7]"""
    case = save(draft_case(), {"group_name": "One", "tin": "900450101"})
    case = save(case, {"group_name": "Two"})
    assert queries.answers_of(case)["tin"] == "900450101"
    case = save(case, {"tin": ""})
    assert "tin" not in queries.answers_of(case)
    assert case.tin_digest is None


@pytest.mark.parametrize(
    ("answers", "field", "finding"),
    [
        ({"group_npi": "1900410007"}, "group_npi", Finding.NPI_CHECK_DIGIT),
        ({"tin": "12-34"}, "tin", Finding.TIN_SHAPE),
        ({"group_name": "x" * 101}, "group_name", Finding.TOO_LONG),
        ({"group_name": "a\x00b"}, "group_name", Finding.UNREADABLE),
        ({"tin_tag": "itin"}, "tin_tag", Finding.NOT_A_CHOICE),
        ({"surprise": "x"}, "surprise", Finding.FIELD_UNKNOWN),
        ({"city": "Tampa"}, "city", Finding.FIELD_UNKNOWN),
    ],
)
def test_an_answer_of_the_wrong_shape_is_not_saved(answers, field, finding):
    """Named by field; nothing of the save is written, the good answers neither. [F-6]"""
    case = draft_case()
    refused = refusal(case, {"group_ptan": "PC2041", **answers})
    assert refused.code is Refusal.ANSWERS_MALFORMED
    assert refused.facts["problems"] == {field: finding}
    case.refresh_from_db()
    assert case.revision == 1


def test_a_block_that_the_form_does_not_have_is_refused():
    """As any forged page is. [F-7]"""
    assert refusal(draft_case(), {}, block="surprise").code is Refusal.BLOCK_UNKNOWN


def test_answers_that_are_not_asked_for_any_more_are_dropped_with_the_change():
    """What is signed is what is seen; the version before still has them. [F-2, F-8]"""
    case = filled_case()
    before = case.revision
    case = save(case, {"has_backup": "no"}, block="people")
    assert "backup_name" not in queries.answers_of(case)
    assert queries.answers_of(case, before)["backup_name"] == ANSWERS["backup_name"]


def test_a_change_while_the_official_has_it_voids_the_link_and_makes_it_a_draft():
    """In the same transaction: nobody signs what is not any more. [F-7, F-8]"""
    case, token = awaiting_case()
    case = save(case, {"group_name": "Pelican Cove Dermatology PA"})
    assert case.state == State.DRAFT
    assert queries.invitation_with(token).state == "void"
    assert queries.live_invitation(case) is None


def test_saving_what_it_says_already_leaves_the_link_alone():
    """Looking at a form and pressing save changes nothing for the official. [F-8]"""
    case, token = awaiting_case()
    save(case, {"group_name": ANSWERS["group_name"]})
    case.refresh_from_db()
    assert case.state == State.AWAITING_SIGNATURE
    assert queries.invitation_with(token).state == "live"


def test_a_refused_save_leaves_the_link_alone():
    """Nothing is written, so nothing is void. [F-8]"""
    case, token = awaiting_case()
    refusal(case, {"group_name": "Other"}, revision=1)
    case.refresh_from_db()
    assert case.state == State.AWAITING_SIGNATURE
    assert queries.invitation_with(token).state == "live"


def test_a_case_that_is_over_is_not_saved():
    """Withdrawn is withdrawn. [F-7]"""
    case = draft_case()
    actions.withdraw(case=case, by=VISITOR, now=clock.now())
    assert refusal(case, {"group_name": "Other"}).code is Refusal.NOT_NOW


def test_asking_for_a_signature_on_an_older_revision_is_refused():
    """Whoever asks has seen the newest answers. [F-8]"""
    case = filled_case()
    seen = case.revision
    answered(case, {"group_name": "Pelican Cove Dermatology PA"})
    with pytest.raises(Refused) as refused:
        actions.ask_for_signature(case=case, expected_revision=seen, by=VISITOR, now=clock.now())
    assert refused.value.code is Refusal.CHANGED_ELSEWHERE
    assert not mailed(ANSWERS["official_email"])


def test_the_name_of_the_contact_follows_the_answers():
    """Mails greet whom the form names now. [F-9]"""
    case = answered(draft_case(), {"contact_name": "Cora Contact"})
    assert case.contact_name == "Cora Contact"


def test_every_answer_of_the_form_is_kept_as_it_was_given():
    """Filled block by block, nothing is lost or mixed up. [F-2]"""
    case = filled_case()
    assert queries.answers_of(case) == {code: answer for code, answer in ANSWERS.items() if answer}
    assert not Remark.objects.exists()


def test_a_change_after_signing_voids_the_signature_and_tells_the_signer():
    """Any change voids it: the case is a draft again, and the desk does not have it any more. [F-8]"""
    case = signed_case()
    signature = queries.live_signature(case)
    case = save(case, {"group_name": "Pelican Cove Dermatology PA"})
    assert case.state == State.DRAFT
    assert queries.live_signature(case) is None
    signature.refresh_from_db()
    assert signature.state == "void"
    assert signature.digest == queries.version_of(case, signature.revision).digest
    assert mailed(signature.email, "form-signature-void")
    assert not case.holds_group


def test_a_signed_form_that_expires_or_is_withdrawn_keeps_what_was_signed():
    """A void signature stays as evidence, with the form it was put to. [F-8]"""
    case = signed_case()
    signature = queries.live_signature(case)
    actions.withdraw(case=case, by=VISITOR, now=clock.now())
    assert queries.answers_of(case, signature.revision)["group_name"] == ANSWERS["group_name"]
    assert queries.live_signature(case) is None


def returned_case() -> Case:
    todd = desk()
    case = taken_case(todd)
    remarks = {"group_name": "Not as on file.", "official_title": "Which office?"}
    actions.return_case(
        case=case,
        desk=todd,
        remarks=remarks,
        note="Please correct.",
        seen_revision=case.revision,
        by=by_of(todd),
        now=clock.now(),
    )
    case.refresh_from_db()
    return case


def test_a_form_in_review_is_not_changed_under_the_reviewers_eyes():
    """Until the desk returns it. [F-7]"""
    assert refusal(taken_case(desk()), {"group_name": "Other"}).code is Refusal.NOT_NOW


def test_a_returned_form_is_corrected_in_place_and_its_remark_resolved():
    """The old signature is void; remarks on the field that changed and on the whole are resolved. [F-7, F-8, B-1]"""
    case = save(returned_case(), {"group_name": "Pelican Cove Dermatology PA"})
    assert case.state == State.RETURNED
    assert queries.live_signature(case) is None
    remarks = {remark.field: remark.resolved_at is not None for remark in queries.remarks_of(case)}
    assert remarks == {"": True, "group_name": True, "official_title": False}
    assert queries.remarks_of(case)[0].field == "official_title"


def test_a_returned_form_is_signed_anew():
    """A signature given before the return counts for nothing afterwards, even unchanged. [F-8]"""
    case = returned_case()
    actions.ask_for_signature(case=case, expected_revision=case.revision, by=VISITOR, now=later(minutes=1))
    case.refresh_from_db()
    assert case.state == State.AWAITING_SIGNATURE
    assert queries.live_signature(case) is None
    sign_now(token_mailed(ANSWERS["official_email"]), case, now=later(minutes=2))
    case.refresh_from_db()
    assert case.state == State.SUBMITTED
    assert queries.live_signature(case)
