"""Whether facts are on file together, and who else is there: rationed, never which part, never twice (F-5, F-6)."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment import actions as enrollment
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.checks import check_pair, check_payer
from bailiwick.spot.forms.models import Case, FileCheck
from bailiwick.spot.payers.absent import AbsentPayer
from bailiwick.spot.payers.embedded import SAMPLE, providers_in
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.filechecks import Outcome
from bailiwick.spot.rules.forms import Refusal, State
from tests.spot.build_desk import approving, desk, taken_case
from tests.spot.build_enrollment import BY, enrolled
from tests.spot.build_forms import (
    ANSWERS,
    VISITOR,
    answered,
    awaiting_case,
    draft_case,
    filled_case,
    later,
    signed_case,
    started_case,
)
from tests.spot.build_signing import refusal_of, sign_now

pytestmark = pytest.mark.django_db

OTHERS = [one for one in providers_in(SAMPLE) if one.tin != ANSWERS["tin"]]
NUMBERS = {code: ANSWERS[code] for code in ("group_ptan", "group_npi", "tin")}


def asked(case: Case, now=None) -> Outcome:
    return check_payer(case=case, by=VISITOR, now=now or clock.now())


def findings(case: Case) -> set[Finding]:
    return {problem.code for problem in queries.problems(Case.objects.get(pk=case.pk))}


def test_numbers_that_belong_together_match_and_are_asked_about_once():
    """A known match takes no try. [F-6]"""
    case = filled_case(is_checked=False)
    assert Finding.PAYER_UNASKED in findings(case)
    assert [asked(case) for _ in range(3)] == [Outcome.MATCH] * 3
    assert FileCheck.objects.count() == 1
    assert findings(case) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        {"group_ptan": OTHERS[0].ptan},
        {"group_npi": OTHERS[0].npi},
        {"tin": OTHERS[0].tin},
        {"tin": "900459999"},
    ],
)
def test_a_mismatch_never_tells_which_part(wrong):
    """One finding, one sentence, one ledger entry for all. [F-6]"""
    case = filled_case(is_checked=False, **wrong)
    assert asked(case) is Outcome.NO_MATCH
    (problem,) = queries.problems(case)
    assert (problem.code, problem.field) == (Finding.PAYER_NO_MATCH, "group_ptan")
    assert "all three" in problem.sentence
    entry = Entry.objects.filter(deed=Deed.FORM_PAYER_CHECKED, outcome="no_match").get()
    assert set(entry.about) == {"case", "check"}


def test_what_was_answered_holds_for_those_numbers_and_no_others():
    """Stored per revision: other numbers are asked about anew, the old ones are known again. [F-6]"""
    case = filled_case()
    case = answered(case, {"tin": OTHERS[0].tin})
    assert Finding.PAYER_UNASKED in findings(case)
    assert asked(case) is Outcome.NO_MATCH
    case = answered(case, {"tin": ANSWERS["tin"]})
    assert findings(case) == set()
    assert [check.revision for check in FileCheck.objects.order_by("pk")] == [
        case.revision - 2,
        case.revision - 1,
    ]


def test_another_answer_changes_nothing_about_the_numbers():
    """A corrected fax number asks the payer nothing. [F-6]"""
    case = answered(filled_case(), {"contact_fax": "2025550199"})
    assert findings(case) == set()


def test_the_payer_is_asked_ten_times_a_day():
    """The eleventh time nothing is asked; the next day it is. [F-6]"""
    noon = clock.now().replace(hour=17, minute=0)
    case = filled_case(is_checked=False, tin=OTHERS[0].tin, now=noon)
    for minute in range(10):
        assert asked(case, noon + timedelta(minutes=minute)) is Outcome.NO_MATCH
    with pytest.raises(Refused) as refused:
        asked(case, noon + timedelta(minutes=11))
    assert (refused.value.code, refused.value.facts["times"]) == (Refusal.PAYER_CHECKS_USED_UP, 10)
    assert FileCheck.objects.count() == 10
    assert asked(case, noon + timedelta(hours=20)) is Outcome.NO_MATCH


def test_a_payer_that_is_down_uses_nothing_up_and_stops_nobody(settings):
    """Told as a warning; the form can be signed, and the desk compares. [F-6]"""
    settings.PAYER = AbsentPayer()
    case = filled_case(is_checked=False)
    for _ in range(12):
        assert asked(case) is Outcome.UNAVAILABLE
    (problem,) = queries.problems(case)
    assert (problem.code, problem.stops) == (Finding.PAYER_UNAVAILABLE, False)
    assert actions.ask_for_signature(case=case, expected_revision=case.revision, by=VISITOR, now=clock.now())


def test_nobody_asks_the_payer_before_the_mailbox_is_proven():
    """Strangers do not try numbers. [F-6]"""
    case = answered(started_case(), NUMBERS)
    with pytest.raises(Refused) as refused:
        asked(case)
    assert refused.value.code is Refusal.MAILBOX_NOT_PROVEN
    assert not FileCheck.objects.exists()


def test_the_payer_is_asked_about_three_numbers_or_not_at_all():
    """Two of three would tell which part. [F-6]"""
    case = answered(draft_case(), {**NUMBERS, "tin": ""})
    with pytest.raises(Refused) as refused:
        asked(case)
    assert refused.value.code is Refusal.FACTS_MISSING


def test_a_form_that_is_over_asks_nothing():
    """Withdrawn, its tries are of no use to anybody. [F-6]"""
    case = answered(draft_case(), NUMBERS)
    Case.objects.filter(pk=case.pk).update(state=State.WITHDRAWN)
    with pytest.raises(Refused) as refused:
        asked(case)
    assert refused.value.code is Refusal.NOT_NOW


def test_nothing_of_the_numbers_is_kept_with_the_question():
    """What was asked about is known by a keyed digest, the TIN stretched. [A-3, F-6]"""
    case = filled_case()
    check = FileCheck.objects.get()
    for value in NUMBERS.values():
        assert value.encode() not in bytes(check.facts_digest)
    assert bytes(check.facts_digest) != bytes(case.tin_digest)


# --- F-5


def adding(record, **changes) -> dict[str, str]:
    people = {code: "" for code in ANSWERS if code.startswith(("approver_", "backup_", "has_backup"))}
    return {
        "request_type": "add",
        "submitter_id": record.submitter_id,
        "submitter_name": record.legal_name,
        **people,
        **changes,
    }


def test_an_existing_submitter_id_and_its_name_belong_together():
    """Letter case and spaces in the name make no difference. [F-5]"""
    record = enrolled()
    case = filled_case(**adding(record, submitter_name="HARBORVIEW  family practice"))
    assert findings(case) == set()
    assert "approver_name" not in queries.answers_of(case)


def test_a_wrong_pair_never_tells_which_half():
    """The wrong name, another's name, an ID that was never issued, a closed one: one finding. [F-5]"""
    record, other = enrolled(), enrolled(legal_name="Other Practice", tin="000777777")
    closed = enrolled(legal_name="Closed Practice", tin="000777778")
    enrollment.close(record=closed, why="gone", by=BY, now=clock.now())
    wrong = [
        adding(record, submitter_name="Somebody Else"),
        adding(record, submitter_name=other.legal_name),
        adding(record, submitter_id="CCCCCCCCCC", submitter_name=record.legal_name),
        adding(closed),
    ]
    for answers in wrong:
        case = filled_case(**answers)
        (problem,) = [one for one in queries.problems(case) if one.stops]
        assert (problem.code, problem.field) == (Finding.PAIR_NO_MATCH, "submitter_id")


def test_pairs_are_asked_about_five_times_an_hour():
    """Then nothing is compared for the rest of the hour. [F-5]"""
    now = clock.now()
    case = filled_case(is_checked=False, now=now, **adding(enrolled(), submitter_name="Somebody Else"))
    for minute in range(5):
        assert check_pair(case=case, by=VISITOR, now=now + timedelta(minutes=minute)) is Outcome.NO_MATCH
    late = now + timedelta(minutes=59)
    assert refusal_of(check_pair, case=case, by=VISITOR, now=late) == Refusal.PAIR_CHECKS_USED_UP
    assert check_pair(case=case, by=VISITOR, now=now + timedelta(minutes=61)) is Outcome.NO_MATCH


# --- duplicates


def test_the_same_group_in_review_is_stopped_with_what_to_do_instead():
    """Nobody is asked to sign a second form for a group that is with the desk. [F-6]"""
    signed_case()
    case = filled_case(contact_email="second@pelicancove.example")
    (problem,) = [one for one in queries.problems(case) if one.stops]
    assert problem.code is Finding.GROUP_IN_REVIEW
    assert "help desk" in problem.sentence
    arguments = {"case": case, "expected_revision": case.revision, "by": VISITOR, "now": clock.now()}
    assert refusal_of(actions.ask_for_signature, **arguments) == Refusal.GROUP_IN_REVIEW


def test_the_same_group_enrolled_is_stopped(provider):
    """It is told that its approver knows the submitter ID. [F-6]"""
    todd = desk()
    approving(taken_case(todd), todd)
    case = filled_case(contact_email="second@pelicancove.example")
    assert Finding.GROUP_ENROLLED in findings(case)


def test_a_group_whose_record_was_closed_can_be_enrolled_again(provider):
    """What is closed stands in nobody's way. [F-6]"""
    todd = desk()
    record = approving(taken_case(todd), todd)
    enrollment.close(record=record, why="gone", by=BY, now=clock.now())
    assert findings(filled_case(contact_email="second@pelicancove.example")) == set()
    assert signed_case(contact_email="third@pelicancove.example").holds_group


def test_of_two_that_wait_for_their_signature_the_second_signed_is_stopped():
    """The database decides, whatever both pages showed. [F-6]"""
    first, token = awaiting_case()
    second, other_token = awaiting_case(
        contact_email="second@pelicancove.example",
        official_email="ivo.marsh@pelicancove.example",
        official_name="Ivo Marsh",
        official_standing="delegated",
    )
    sign_now(token, first)
    assert refusal_of(sign_now, other_token, second) == Refusal.GROUP_IN_REVIEW
    second.refresh_from_db()
    assert second.state == State.AWAITING_SIGNATURE
    assert queries.live_signature(second) is None


def test_drafts_block_nobody():
    """Whoever starts a form for somebody else's group holds up nobody. [F-6]"""
    filled_case()
    awaiting_case(contact_email="second@pelicancove.example")
    assert findings(filled_case(contact_email="third@pelicancove.example")) == set()


def test_whether_a_group_is_enrolled_is_told_only_to_who_knows_its_numbers():
    """With a wrong TIN the mismatch is all there is to see. [F-6]"""
    signed_case()
    case = filled_case(contact_email="second@pelicancove.example", tin=OTHERS[0].tin)
    assert findings(case) == {Finding.PAYER_NO_MATCH}


def test_the_same_tin_and_kind_is_a_warning():
    """An enrolled organization of this TIN: the form can be signed, the desk is told. [F-6]"""
    record = enrolled(tin=ANSWERS["tin"])
    case = filled_case()
    (problem,) = queries.problems(case)
    assert (problem.code, problem.stops) == (Finding.TIN_SHARED, False)
    assert queries.duplicates_of(case).records == [record]
    assert actions.ask_for_signature(
        case=case, expected_revision=case.revision, by=VISITOR, now=later(minutes=1)
    )


def test_the_same_tin_of_another_kind_is_no_warning():
    """A billing service may belong to the same owner. [F-6]"""
    enrolled(tin=ANSWERS["tin"], kind="billing_service")
    assert findings(filled_case()) == set()


def test_a_changed_tin_of_a_record_is_found_and_the_old_one_is_not():
    """The digest follows the TIN. [F-6]"""
    record = enrolled(tin="000777777")
    enrollment.change(record=record, changes={"tin": ANSWERS["tin"]}, by=BY, now=clock.now())
    assert queries.duplicates_of(filled_case()).records == [record]


def test_records_from_before_get_their_digest_with_the_migration():
    """Whoever was enrolled already is found, too. [F-6]"""
    record = enrolled(tin=ANSWERS["tin"])
    kept = bytes(record.tin_digest)
    EnrollmentRecord.objects.update(tin_digest=None)
    migration = importlib.import_module("bailiwick.spot.enrollment.migrations.0002_tin_digest")
    migration.digest_held_tins(apps, None)
    assert bytes(EnrollmentRecord.objects.get().tin_digest) == kept
