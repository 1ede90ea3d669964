"""Objecting to a signature by the link of the mail that tells of it (F-8)."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.forms import actions
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.objections import Objection
from bailiwick.spot.forms.queries import objections_to, version_of
from bailiwick.spot.rules.deciding import Refusal
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.forms import State
from bailiwick.spot.rules.objecting import Refusal as Objecting
from tests.spot.build_desk import approving, by_of, desk, seated, submitted_case, taken_case
from tests.spot.build_enrollment import enrolled
from tests.spot.build_form_pages import texts
from tests.spot.build_forms import ANSWERS, CONTACT, VISITOR
from tests.spot.build_signing import at_once, mails, refusal_of, text_of

pytestmark = pytest.mark.django_db
LINK = re.compile(r"/object/([\w-]{43})/")
ON_FILE = "office@pelicancove.example"
WHY = "We did not ask for this."


def link_mailed(to: str = ON_FILE) -> str:
    return LINK.search(text_of(mails(to=to, kind="form-signed-warning")[-1]))[1]


def objecting(token: str, reason: str = WHY):
    return actions.object_to(token=token, reason=reason, by=VISITOR, now=clock.now())


def settling(case, one, note: str = "The owner says it is right."):
    said = {"note": note, "seen": [made.pk for made in objections_to(case)], "seen_revision": case.revision}
    return actions.settle_objections(case=case, desk=one, by=by_of(one), now=clock.now(), **said)


def test_looking_at_the_link_does_nothing_and_objecting_stops_the_approval(provider):
    """Mail programs open links; only the button objects. The desk sees it, finds out, settles it, and approves. [F-8]"""
    client, _session = seated(provider)
    case = submitted_case()
    token, visitor = link_mailed(), Client()
    page = texts(visitor.get(f"/object/{token}/"))
    assert ANSWERS["approver_name"] in page
    assert ANSWERS["tin"] not in page
    assert not Objection.objects.filter(made_at__isnull=False).exists()
    assert visitor.post(f"/object/{token}/", {"reason": " "}).status_code == 422
    assert visitor.post(f"/object/{token}/", {"reason": WHY}).status_code == 302
    assert "is recorded" in texts(visitor.get(f"/object/{token}/"))
    assert case.tracking in mails(to=CONTACT, kind="form-objected")[-1].subject
    assert len(mails(to=ON_FILE, kind="form-objection-heard")) == 1

    at = f"/desk/{case.tracking}/"
    approval = {"revision": case.revision, "digest": version_of(case).digest, "route": ""}
    client.post(f"{at}take/", {"instead_of": ""})
    assert WHY in texts(client.get(at))
    assert "Somebody objects" in texts(client.get("/desk/"))
    answer = client.post(f"{at}approve/", approval)
    assert answer.status_code == 409
    assert "Call the number on file, find out" in texts(answer)
    said = {"revision": case.revision, "called": "on", "note": "Nora Castellan says it is right."}
    said |= {"seen": " ".join(str(one.pk) for one in objections_to(case))}
    assert f'name="seen" value="{said["seen"]}"' in client.get(at).content.decode()
    assert client.post(f"{at}objections/", {**said, "note": ""}).status_code == 422
    assert client.post(f"{at}objections/", said).status_code == 302
    assert said["note"] in texts(client.get(at))
    assert client.post(f"{at}approve/", approval).status_code == 302
    case.refresh_from_db()
    assert case.state == State.APPROVED
    deeds = [Deed.FORM_OBJECTED, Deed.FORM_OBJECTION_SETTLED]
    assert Entry.objects.filter(deed__in=deeds).count() == 2
    assert WHY not in str(list(Entry.objects.values()))


def test_the_longest_mailbox_on_record_is_told_too():
    """What an operator enrolled, or a payer has on file, can be longer than what our forms take. [F-8]"""
    longest = f"{'w' * 60}@{'x' * 60}.{'y' * 60}.example"
    enrolled(tin=ANSWERS["tin"], approver={"name": "Wil Watch", "email": longest})
    submitted_case()
    assert objecting(link_mailed(longest)).to == longest


def test_an_objection_is_made_once():
    """The second press, and a link that leads nowhere. [F-8]"""
    taken_case(desk())
    token = link_mailed()
    first = objecting(token)
    assert objecting(token, "Something else.").reason == first.reason == WHY
    assert len(mails(kind="form-objected")) == 1
    assert refusal_of(objecting, "nothing") == Objecting.LINK_UNKNOWN
    assert Client().get("/object/nothing/").status_code == 404


def test_a_signature_that_counts_no_more_needs_no_objection():
    """Changed, the form is signed anew and everybody is told anew; approved, a call is all that helps. [F-8]"""
    one = desk()
    case = taken_case(one)
    token = link_mailed()
    objecting(token)
    actions.return_case(
        case=case,
        desk=one,
        remarks={"zip": "Wrong."},
        note="",
        seen_revision=case.revision,
        by=by_of(one),
        now=clock.now(),
    )
    case = actions.save_answers(
        case=case,
        block="address",
        answers={"zip": "34232"},
        expected_revision=case.revision,
        by=VISITOR,
        now=clock.now() + timedelta(seconds=1),
    )
    Objection.objects.update(made_at=None, reason="")
    assert refusal_of(objecting, token) == Objecting.SIGNATURE_GONE
    answer = Client().get(f"/object/{token}/")
    assert answer.status_code == 410
    assert "no longer counts" in texts(answer)


def test_what_is_decided_is_not_objected_to():
    """The page says whom to call. [F-8]"""
    one = desk()
    case = taken_case(one)
    token = link_mailed()
    approving(case, one)
    assert refusal_of(objecting, token) == Objecting.DECIDED
    assert "call the help desk now" in texts(Client().post(f"/object/{token}/", {"reason": WHY}))


def test_only_whoever_has_the_case_settles_an_objection_and_only_with_a_note():
    """As with every act of the desk. [B-1, F-8]"""
    one, other = desk(), desk(user_id="dina.cole", name="Dina Cole", email="dina.cole@desk.example")
    case = taken_case(one)
    assert refusal_of(settling, case, one) == Refusal.OBJECTION_NONE
    objecting(link_mailed())
    assert refusal_of(settling, case, one, " ") == Refusal.OBJECTION_NOTE_NEEDED
    assert refusal_of(settling, case, other) == Refusal.TAKEN_BY_ANOTHER
    settling(case, one)
    assert refusal_of(settling, case, one) == Refusal.OBJECTION_NONE


def test_an_objection_that_came_while_the_desk_was_writing_stays_open(provider):
    """What was found out about one settles no other that nobody of the desk has read. [F-8]"""
    client, session = seated(provider)
    watcher = enrolled(tin=ANSWERS["tin"], approver={"name": "Wil Watch", "email": "wil@pelicancove.example"})
    one = desk()
    case = taken_case(one)
    Case.objects.update(assigned_to=session.person)
    objecting(link_mailed())
    said = {"revision": case.revision, "called": "on", "note": "Nora Castellan says it is right."}
    said |= {"seen": str(objections_to(case)[0].pk)}
    objecting(link_mailed(watcher.approver_email), "She left us in May.")
    assert client.post(f"/desk/{case.tracking}/objections/", said).status_code == 302
    assert [made.settled_at is None for made in objections_to(case)] == [False, True]
    assert client.post(f"/desk/{case.tracking}/objections/", said).status_code == 409
    assert client.post(f"/desk/{case.tracking}/objections/", said | {"seen": "x ² 999999"}).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_an_objection_and_approvals_at_once():
    """One comes first: never an approval with an open objection before it. [F-8, SR-16]"""
    one = desk()
    case = taken_case(one)
    token = link_mailed()
    heard, *approved = at_once(lambda: objecting(token), *[lambda: approving(case, one)] * 3)
    case.refresh_from_db()
    if isinstance(heard, Objection):
        assert case.state == State.IN_REVIEW
        assert set(approved) == {Refusal.OBJECTED}
    else:
        assert (heard, case.state) == (Objecting.DECIDED, State.APPROVED)
    assert EnrollmentRecord.objects.count() == (case.state == State.APPROVED)
