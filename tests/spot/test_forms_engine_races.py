"""What happens to one case at the same moment: no acknowledged answer lost, no code used twice, no try too many (F-7, F-9)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from bailiwick.ground.program import clock
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.checks import check_payer
from bailiwick.spot.forms.models import (
    AccessCode,
    Case,
    CaseSession,
    FileCheck,
    Invitation,
    Signature,
    Version,
)
from bailiwick.spot.rules.filechecks import Outcome
from bailiwick.spot.rules.forms import Refusal, State
from bailiwick.spot.rules.schema import digest
from tests.spot.build_forms import (
    ANSWERS,
    CONTACT,
    KIND,
    VISITOR,
    answered,
    awaiting_case,
    code_mailed,
    draft_case,
    filled_case,
    mailed,
    started_case,
)
from tests.spot.build_signing import at_once, attested, code_for, sign_now

pytestmark = pytest.mark.django_db(transaction=True)

EDITORS = 20


def save(case: Case, name: str, revision: int) -> Case:
    answers = {"group_name": name}
    return actions.save_answers(
        case=case, block="provider", answers=answers, expected_revision=revision, by=VISITOR, now=clock.now()
    )


def test_twenty_editors_of_one_revision_are_one_save_and_nineteen_told():
    """One is acknowledged, and is what the case says; the others know that theirs was not. [F-7]"""
    case = draft_case()
    results = at_once(*[lambda n=number: save(case, f"Name {n}", case.revision) for number in range(EDITORS)])
    saved = [result for result in results if isinstance(result, Case)]
    assert len(saved) == 1
    assert results.count(Refusal.CHANGED_ELSEWHERE) == EDITORS - 1
    case.refresh_from_db()
    assert case.revision == 2
    assert queries.answers_of(case) == queries.answers_of(saved[0])


def test_twenty_editors_who_look_again_lose_no_acknowledged_answer():
    """Each tries until acknowledged: each acknowledged answer is a version of its own, in one unbroken line. [F-7]"""
    case = draft_case()

    def stubborn(number: int):
        def edit() -> int:
            for _ in range(1000):
                seen = Case.objects.get(pk=case.pk).revision
                try:
                    return save(case, f"Name {number}", seen).revision
                except Exception as refused:
                    if getattr(refused, "code", None) is not Refusal.CHANGED_ELSEWHERE:
                        raise
            raise AssertionError

        return edit

    revisions = at_once(*(stubborn(number) for number in range(EDITORS)))
    assert sorted(revisions) == list(range(2, EDITORS + 2))
    for number, revision in enumerate(revisions):
        assert queries.answers_of(case, revision)["group_name"] == f"Name {number}"
    for version in Version.objects.all():
        assert version.digest == digest(queries.canonical_of(case, version.revision))


def test_the_same_page_sent_twenty_times_at_once_is_one_save():
    """All are acknowledged, none twice. [F-7]"""
    case = draft_case()
    results = at_once(*[lambda: save(case, "One", case.revision)] * EDITORS)
    assert {result.revision for result in results} == {2}
    assert Version.objects.count() == 2


def test_one_start_sent_many_times_at_once_is_one_case():
    """One tracking number, one mail. [F-9]"""
    once = uuid4()
    results = at_once(*[lambda: started_case(once=once)] * 4)
    assert len({result.pk for result in results}) == 1
    assert len(mailed(CONTACT)) == 1


def test_many_starts_at_once_are_counted_exactly():
    """Five an hour to one mailbox, however they arrive. [F-9]"""
    now = clock.now()
    acts = [
        lambda: actions.start_case(
            kind=KIND, contact_name="Carla Contact", contact_email=CONTACT, once=uuid4(), by=VISITOR, now=now
        )
    ]
    results = at_once(*acts * 12)
    assert results.count(Refusal.STARTED_TOO_OFTEN) == 7
    assert Case.objects.count() == 5


def test_twenty_uses_of_one_code_are_one_session():
    """A code opens once. [F-9]"""
    case, now = started_case(), clock.now()
    code = code_mailed(CONTACT)
    results = at_once(
        *[lambda: actions.open_with_code(tracking=case.tracking, code=code, by=VISITOR, now=now)] * EDITORS
    )
    assert results.count(Refusal.CODE_WRONG) == EDITORS - 1
    assert CaseSession.objects.count() == 1


def test_twenty_guesses_at_once_are_three_looks():
    """The counter is taken before the comparison. [F-9]"""
    case, now = started_case(), clock.now()
    right = int(code_mailed(CONTACT))
    guesses = [f"{(right + number) % 1_000_000:06d}" for number in range(1, EDITORS + 1)]
    acts = [
        lambda g=guess: actions.open_with_code(tracking=case.tracking, code=g, by=VISITOR, now=now)
        for guess in guesses
    ]
    assert set(at_once(*acts)) == {Refusal.CODE_WRONG}
    code = AccessCode.objects.get()
    assert (code.tries, code.state) == (3, "void")


def test_many_askings_for_a_code_at_once_are_one_mail():
    """At most every 30 seconds. [F-9]"""
    case = started_case()
    later = case.created_at + timedelta(minutes=1)
    at_once(*[lambda: actions.send_access_code(tracking=case.tracking, by=VISITOR, now=later)] * EDITORS)
    assert len(mailed(CONTACT)) == 2
    assert AccessCode.objects.filter(state="live").count() == 1


def test_payer_checks_at_once_are_counted_exactly():
    """Ten questions a day, whatever arrives together. [F-6]"""
    case = filled_case(is_checked=False, tin="900459999")
    now = clock.now()
    results = at_once(*[lambda: check_payer(case=case, by=VISITOR, now=now)] * EDITORS)
    assert results.count(Outcome.NO_MATCH) == 10
    assert results.count(Refusal.PAYER_CHECKS_USED_UP) == EDITORS - 10
    assert FileCheck.objects.count() == 10


def test_many_askings_for_the_signature_at_once_are_one_invitation():
    """One link, one mail to the official. [F-8]"""
    case, now = filled_case(), clock.now()
    acts = [
        lambda: actions.ask_for_signature(case=case, expected_revision=case.revision, by=VISITOR, now=now)
    ]
    results = at_once(*acts * EDITORS)
    assert sum(isinstance(result, Invitation) for result in results) == 1
    assert results.count(Refusal.NOT_NOW) == EDITORS - 1
    assert len(mailed(ANSWERS["official_email"], "form-signature-invitation")) == 1


def test_a_signature_and_twenty_edits_at_once_leave_no_signature_on_a_changed_form():
    """Whoever comes first: a live signature is on exactly the form as it is. [F-7, F-8]"""
    case, token = awaiting_case()
    code, said = code_for(token), attested(case)
    edits = [lambda n=number: save(case, f"Name {n}", case.revision) for number in range(EDITORS)]
    results = at_once(lambda: sign_now(token, case, code=code, **said), *edits)
    case.refresh_from_db()
    signature = queries.live_signature(case)
    assert sum(isinstance(result, Case) for result in results) == 1
    assert (case.state, signature) == (State.DRAFT, None)
    voided = Signature.objects.filter(state="void").count()
    assert voided == (1 if isinstance(results[0], Signature) else 0)


def test_expiry_and_a_save_at_once_are_one_after_the_other():
    """The draft expires, or it was saved a moment before; never both. [F-7]"""
    case = draft_case()
    over = case.expires_at
    results = at_once(
        lambda: actions.expire_cases(by=VISITOR, now=over),
        lambda: answered(case, {"group_name": "One"}, now=over - timedelta(seconds=1)),
    )
    case.refresh_from_db()
    if isinstance(results[1], Case):
        assert (results[0], case.state, case.revision) == (0, State.DRAFT, 2)
    else:
        assert (results, case.state) == ([1, Refusal.CASE_EXPIRED], State.EXPIRED)


def test_the_round_of_two_workers_at_once_expires_each_case_once():
    """One worker records it, the other finds it done. [F-7, I-2]"""
    cases = [draft_case(email=f"person{number}@x.example") for number in range(3)]
    over = max(case.expires_at for case in cases)
    results = at_once(*[lambda: actions.expire_cases(by=VISITOR, now=over)] * 2)
    assert sum(results) == 3
    assert all(len(mailed(case.contact_email, "form-expired")) == 1 for case in cases)
