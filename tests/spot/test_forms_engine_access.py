"""A case is reached by its tracking number and a code to the contact's mailbox, and by nothing else (F-9)."""

from datetime import timedelta

import pytest

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.models import AccessCode, CaseSession
from bailiwick.spot.rules.answers import Finding
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import Refusal
from tests.spot.build_forms import (
    CONTACT,
    VISITOR,
    answered,
    code_mailed,
    draft_case,
    filled_case,
    later,
    mailed,
    opened,
    started_case,
)

pytestmark = pytest.mark.django_db

UNKNOWN = "F-CCCC-CCCC-CCCC"
NEW_MAILBOX = "new.contact@pelicancove.example"
SECOND = timedelta(seconds=1)


def try_code(tracking: str, code: str, now=None) -> str:
    """ "" where the case was opened, else the refusal's code."""
    try:
        actions.open_with_code(tracking=tracking, code=code, by=VISITOR, now=now or clock.now())
    except Refused as refused:
        return refused.code
    return ""


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_code_opens_the_case_and_proves_the_mailbox():
    """From then on the payer's file may be asked. [F-6, F-9]"""
    now = clock.now()
    case, key = opened(started_case(now=now), now=now)
    assert case.contact_proven_at == now
    assert queries.session_with(key, now).case == case
    assert Entry.objects.filter(deed=Deed.FORM_OPENED).count() == 1


def test_a_code_opens_once():
    """A second browser needs a second code. [F-9]"""
    case = started_case()
    code = code_mailed(CONTACT)
    assert try_code(case.tracking, code) == ""
    assert try_code(case.tracking, code) is Refusal.CODE_WRONG


def test_three_wrong_tries_void_the_code():
    """Then the right one is wrong, too. [F-9]"""
    case = started_case()
    code = code_mailed(CONTACT)
    for _ in range(3):
        assert try_code(case.tracking, other_than(code)) is Refusal.CODE_WRONG
    assert try_code(case.tracking, code) is Refusal.CODE_WRONG
    assert AccessCode.objects.get().state == "void"
    assert Entry.objects.filter(deed=Deed.FORM_CODE_REFUSED).count() == 4


def test_a_code_is_good_for_thirty_minutes():
    """To the second. [F-9]"""
    now = clock.now()
    case = started_case(now=now)
    code = code_mailed(CONTACT)
    assert try_code(case.tracking, code, now + timedelta(minutes=30)) is Refusal.CODE_WRONG
    assert try_code(case.tracking, code, now + timedelta(minutes=30) - SECOND) == ""


def test_a_code_of_one_case_does_not_open_another():
    """Tracking number and code belong together. [F-9]"""
    first, second = started_case(email="one@x.example"), started_case(email="two@x.example")
    assert try_code(first.tracking, code_mailed("two@x.example")) is Refusal.CODE_WRONG
    assert try_code(second.tracking, code_mailed("two@x.example")) == ""


def test_a_new_code_voids_the_one_before():
    """Only the newest mail counts. [F-9]"""
    case = started_case()
    first = code_mailed(CONTACT)
    actions.send_access_code(tracking=case.tracking, by=VISITOR, now=later(minutes=1))
    assert try_code(case.tracking, first, later(minutes=2)) is Refusal.CODE_WRONG
    assert try_code(case.tracking, code_mailed(CONTACT), later(minutes=2)) == ""


def test_asking_for_a_code_tells_nobody_whether_there_is_a_case():
    """Unknown number, too soon, too many: the same silence, and no mail. [F-9]"""
    case = started_case()
    assert actions.send_access_code(tracking=UNKNOWN, by=VISITOR, now=clock.now()) is None
    assert actions.send_access_code(tracking="anything at all", by=VISITOR, now=clock.now()) is None
    assert actions.send_access_code(tracking=case.tracking, by=VISITOR, now=case.created_at + SECOND) is None
    assert Message.objects.count() == 1


def test_the_answer_to_a_wrong_code_does_not_tell_whether_there_is_a_case():
    """One refusal for all. [F-9]"""
    case = started_case()
    wrong = other_than(code_mailed(CONTACT))
    refusals = {try_code(UNKNOWN, "123456"), try_code(case.tracking, wrong), try_code("", "")}
    assert refusals == {Refusal.CODE_WRONG}


def test_five_codes_an_hour_and_twenty_a_day_are_mailed():
    """However often somebody asks; the day after, they are mailed again. [F-9]"""
    case = started_case()
    for minute in range(1, 12):
        actions.send_access_code(
            tracking=case.tracking, by=VISITOR, now=case.created_at + timedelta(minutes=minute)
        )
    assert len(mailed(CONTACT)) == 5
    actions.send_access_code(tracking=case.tracking, by=VISITOR, now=case.created_at + timedelta(minutes=61))
    assert len(mailed(CONTACT)) == 6
    for hour in [*range(3, 24), 25]:
        actions.send_access_code(
            tracking=case.tracking, by=VISITOR, now=case.created_at + timedelta(hours=hour)
        )
        assert len(mailed(CONTACT)) == min(6 + hour - 2, 20) + (hour == 25)


def test_codes_and_keys_are_kept_as_digests():
    """Neither stands in the database. [F-9]"""
    case = started_case()
    code = code_mailed(CONTACT)
    _, key = opened(case)
    assert code.encode() not in bytes(AccessCode.objects.get().digest)
    assert key.encode() not in bytes(CaseSession.objects.get().key_digest)
    assert Message.objects.get().is_secret


def test_a_session_idles_out_after_thirty_minutes():
    """Each page moves the clock; half an hour without one ends it. [F-9]"""
    now = clock.now()
    _, key = opened(started_case(now=now), now=now)
    session = queries.session_with(key, now + timedelta(minutes=29))
    actions.note_seen(session=session, by=VISITOR, now=now + timedelta(minutes=29))
    assert queries.session_with(key, now + timedelta(minutes=58))
    assert queries.session_with(key, now + timedelta(minutes=59)) is None


def test_a_closed_session_opens_nothing():
    """Leaving is leaving; a late page of it moves no clock. [F-9]"""
    now = clock.now()
    _, key = opened(started_case(now=now), now=now)
    session = queries.session_with(key, now)
    actions.close_session(session=session, by=VISITOR, now=now)
    actions.note_seen(session=session, by=VISITOR, now=now + SECOND)
    assert queries.session_with(key, now) is None
    assert queries.session_with("", now) is None


def test_a_new_contact_is_asked_to_answer_from_the_new_mailbox():
    """Until then the form is not sent to be signed, and the old mailbox still opens the case. [F-6, F-9]"""
    case = answered(filled_case(), {"contact_email": NEW_MAILBOX})
    assert case.contact_email == CONTACT
    assert Finding.MAILBOX_UNPROVEN in {problem.code for problem in queries.problems(case)}
    with pytest.raises(Refused) as refused:
        actions.ask_for_signature(case=case, expected_revision=case.revision, by=VISITOR, now=clock.now())
    assert refused.value.code is Refusal.MAILBOX_NOT_PROVEN
    assert not mailed(NEW_MAILBOX)


def test_the_new_contact_answers_and_the_old_one_is_told_and_out():
    """From then on only the new mailbox opens the case. [F-9]"""
    case = filled_case()
    now = later(minutes=2)
    actions.send_access_code(tracking=case.tracking, by=VISITOR, now=now)
    old_code, sessions = code_mailed(CONTACT), list(CaseSession.objects.all())
    case = answered(case, {"contact_email": NEW_MAILBOX}, now=now)
    actions.send_contact_code(case=case, by=VISITOR, now=now)
    case = actions.prove_contact(
        case=case, code=code_mailed(NEW_MAILBOX), by=VISITOR, now=now, session=sessions[0]
    )
    assert case.contact_email == NEW_MAILBOX
    assert queries.problems(case) == []
    assert mailed(CONTACT, "form-contact-changed")
    assert try_code(case.tracking, old_code, now) is Refusal.CODE_WRONG
    assert CaseSession.objects.get(ended_at=None) == sessions[0]


def test_a_code_to_one_new_mailbox_does_not_prove_another():
    """Changed again in between, it proves nothing. [F-9]"""
    case, now = filled_case(), later(minutes=2)
    case = answered(case, {"contact_email": NEW_MAILBOX}, now=now)
    actions.send_contact_code(case=case, by=VISITOR, now=now)
    case = answered(case, {"contact_email": "third@pelicancove.example"}, now=now)
    with pytest.raises(Refused) as refused:
        actions.prove_contact(case=case, code=code_mailed(NEW_MAILBOX), by=VISITOR, now=now)
    assert refused.value.code is Refusal.CODE_WRONG
    case.refresh_from_db()
    assert case.contact_email == CONTACT


def test_a_code_to_the_contact_does_not_open_and_one_to_open_does_not_prove():
    """Each code is for one purpose. [F-9]"""
    case, now = draft_case(), later(minutes=2)
    case = answered(case, {"contact_email": NEW_MAILBOX}, now=now)
    actions.send_access_code(tracking=case.tracking, by=VISITOR, now=now)
    actions.send_contact_code(case=case, by=VISITOR, now=now)
    to_open, to_prove = code_mailed(CONTACT), code_mailed(NEW_MAILBOX)
    assert to_open == to_prove or try_code(case.tracking, to_prove, now) is Refusal.CODE_WRONG


def test_no_contact_code_is_mailed_where_the_mailbox_is_proven():
    """There is nothing to prove. [F-9]"""
    with pytest.raises(Refused) as refused:
        actions.send_contact_code(case=filled_case(), by=VISITOR, now=clock.now())
    assert refused.value.code is Refusal.NOT_NOW
