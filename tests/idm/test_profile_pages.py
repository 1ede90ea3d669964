"""My Profile's further sections: sessions, inbox, security question, contact information, and staying signed in."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from bailiwick.ground.outbox import inbox
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.outbox.models import InboxMessage
from bailiwick.ground.program import clock
from bailiwick.idm.accounts.models import Account, Person
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.rules.profiles import PROFILES
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import ApplicationSession, Session
from bailiwick.idm.signin.models import SecurityAnswer
from tests.idm import build_accounts as build

pytestmark = pytest.mark.django_db

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
CONTACT = {
    "preferred_name": "Rob",
    "in_us": "yes",
    "line_1": "7 Heron Street",
    "line_2": "",
    "city": "Tampa",
    "state": "FL",
    "zip": "33601-1234",
    "country": "",
    "phone": "512-555-0199",
    "text_capable": "yes",
    "language": "es",
}


@pytest.fixture
def robin(client: Client) -> Account:
    holder = build.account()
    build.sign_in_by_email(client, holder)
    return holder


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def elsewhere(holder: Account) -> tuple[Client, Session]:
    """The same person in another browser, with SPOT open."""
    session, _ = sessions.begin(account=holder, by=build.VISITOR, now=clock.now())
    cookie = sessions.complete(
        session=session, factor="email", stage="full", by=build.VISITOR, now=clock.now()
    )
    other = Client(HTTP_USER_AGENT=SAFARI)
    other.cookies[settings.SESSION_COOKIE_NAME] = cookie
    other.get("/home/")
    sessions.open_application_session(session=session, application="spot", client_id="spot", now=clock.now())
    return other, session


def test_the_sessions_page_lists_devices_and_marks_this_one(client: Client, robin: Account):
    """Device words, place, applications. [S-7]"""
    elsewhere(robin)
    shown = page(client, "/profile/sessions/")
    for said in ("Safari, iPhone", "127.0.0.0/24", "SPOT", "This one", "Last seen", "End all others"):
        assert said in shown
    assert shown.count("This one") == 1


def test_the_holder_ends_one_session_and_its_applications(client: Client, robin: Account):
    """Any of them. [S-7, O-5]"""
    other, session = elsewhere(robin)
    assert client.post(f"/profile/sessions/{session.pk}/end/").status_code == 302
    assert other.get("/home/").status_code == 302
    assert ApplicationSession.objects.get(session=session).ended_at is not None
    assert client.get("/home/").status_code == 200


def test_the_holder_ends_all_others(client: Client, robin: Account):
    """But this one. [S-7]"""
    others = [elsewhere(robin)[0] for _ in range(2)]
    client.post("/profile/sessions/end-others/")
    assert [other.get("/home/").status_code for other in others] == [302, 302]
    assert client.get("/home/").status_code == 200


def test_ending_this_session_signs_out(client: Client, robin: Account):
    """The cookie goes with it. [S-7]"""
    session = Session.objects.get(account=robin)
    assert client.post(f"/profile/sessions/{session.pk}/end/").headers["Location"] == "/?signed-out"
    assert client.get("/home/").status_code == 302


def test_nobody_ends_somebody_elses_session(client: Client, robin: Account):
    """It is not there. [S-7, AX08]"""
    casey = build.account()
    other, session = elsewhere(casey)
    assert client.post(f"/profile/sessions/{session.pk}/end/").status_code == 404
    assert client.post(f"/profile/sessions/{uuid.uuid4()}/end/").status_code == 404
    assert other.get("/home/").status_code == 200


def test_ending_is_no_link(client: Client, robin: Account):
    """A GET ends nothing. [S-7]"""
    session = Session.objects.get(account=robin)
    assert client.get(f"/profile/sessions/{session.pk}/end/").status_code == 405
    assert client.get("/profile/sessions/end-others/").status_code == 405


def test_half_a_sign_in_is_no_session_to_show(client: Client, robin: Account):
    """A password alone signs nobody in. [S-1, S-7]"""
    build.give_password(Client(), robin)
    assert page(client, "/profile/sessions/").count("Last seen ") == 1


def test_staying_moves_the_idle_clock(client: Client, robin: Account):
    """The button of the warning. [S-8]"""
    Session.objects.update(last_seen_at=clock.now() - timedelta(minutes=29))
    assert client.post("/stay/").headers["Location"] == "/stay/done/"
    assert clock.now() - Session.objects.get().last_seen_at < timedelta(minutes=1)
    assert page(client, "/stay/done/")


def test_staying_too_late_is_refused(client: Client, robin: Account):
    """No redirect, which the page's script would take for a yes. [S-8]"""
    Session.objects.update(last_seen_at=clock.now() - timedelta(minutes=31))
    answer = client.post("/stay/")
    assert (answer.status_code, answer["X-Refusal"]) == (403, "session_over")


def test_every_page_behind_the_sign_in_warns(client: Client, robin: Account):
    """With JavaScript a dialog, without it the sheet; nobody else is warned. [S-8]"""
    for path in ("/home/", "/profile/", "/roles/"):
        shown = page(client, path)
        assert 'data-idle-warned-after="1200" data-idle-ends-after="1800"' in shown
        assert "animation-delay: 1200s" in shown
        assert 'action="/stay/" target="_blank"' in shown
    assert "data-idle" not in page(Client(), "/")


def test_the_warning_sheet_is_allowed_by_the_policy(client: Client, robin: Account):
    """Its style carries the answer's own nonce. [S-8]"""
    answer = client.get("/home/")
    nonce = answer["Content-Security-Policy"].split("'nonce-")[1].split("'")[0]
    assert f'<style nonce="{nonce}">' in answer.content.decode()


def tell(holder: Account, *, secret: bool = False, key: str = "one") -> None:
    notice("profile_changed", to=holder.email, key=key, now=clock.now(), secret=secret, inbox=str(holder.pk))


def test_a_notice_is_in_the_inbox_and_counted_until_read(client: Client, robin: Account):
    """A copy, once, new until it is opened. [N-2, R-9]"""
    InboxMessage.objects.all().delete()
    tell(robin)
    tell(robin)
    assert "1 new notice in your inbox" in page(client, "/home/")
    assert "Inbox (1 new)" in page(client, "/profile/")
    (one,) = inbox.letters(str(robin.pk))
    assert "contact information" in page(client, f"/profile/inbox/{one.number}/")
    assert "Inbox (" not in page(client, "/profile/")
    assert inbox.unread(str(robin.pk)) == 0


def test_a_code_is_never_in_the_inbox(client: Client, robin: Account):
    """Secret notices leave no copy. [N-2]"""
    InboxMessage.objects.all().delete()
    tell(robin, secret=True)
    build.give_password(Client(), robin)
    assert not InboxMessage.objects.exists()


def test_links_with_tokens_are_scrubbed():
    """Though a caller forgot to call it secret; the page of a row, which is for whom it is for, stays. [N-2, AX26]"""
    said = inbox.without_links(
        f"Open http://localhost:8000/x/{'A' * 43}/ now, or http://localhost:8000/home/"
    )
    assert said == "Open (…) now, or http://localhost:8000/home/"
    page = f"http://localhost:8000/certifications/{uuid.uuid4()}/"
    assert inbox.without_links(f"Look at {page}") == f"Look at {page}"


def test_the_inbox_is_kept_sealed(client: Client, robin: Account):
    """Neither subject nor text stands readable in the row. [N-2]"""
    tell(robin)
    row = InboxMessage.objects.get(key="one")
    assert b"contact" not in bytes(row.body)


def test_nobody_reads_somebody_elses_inbox(client: Client, robin: Account):
    """It is not there. [N-2, AX08]"""
    casey = build.account()
    tell(casey)
    row = InboxMessage.objects.get(owner=str(casey.pk), key="one")
    assert client.get(f"/profile/inbox/{row.pk}/").status_code == 404
    assert client.get(f"/profile/inbox/{2**70}/").status_code == 404
    assert InboxMessage.objects.get(pk=row.pk).read_at is None


def test_the_inbox_is_kept_a_year(client: Client, robin: Account):
    """Then a job forgets. [N-2]"""
    from bailiwick.idm.portal.jobs import forget_letters

    tell(robin)
    InboxMessage.objects.update(at=clock.now() - timedelta(days=366))
    forget_letters(clock.now())
    assert not InboxMessage.objects.exists()


@pytest.mark.parametrize("number", ["0", "2", "-1", "x", "99999999999999999999", ""])
def test_any_page_number_of_the_inbox_answers(client: Client, robin: Account, number: str):
    """A strange one shows what there is. [N-2]"""
    assert client.get("/profile/inbox/", {"page": number}).status_code == 200


def test_the_security_question_is_changed(client: Client, robin: Account):
    """Another question and answer, hashed, told. [P-10, R-9]"""
    assert "first pet" in page(client, "/profile/question/")
    before = SecurityAnswer.objects.get(account=robin).encoded
    answer = client.post("/profile/question/edit/", {"question": "dream_job", "answer": "Lighthouse keeper"})
    assert answer.headers["Location"] == "/profile/question/?saved"
    row = SecurityAnswer.objects.get(account=robin)
    assert (row.question, row.encoded == before) == ("dream_job", False)
    assert "Lighthouse" not in row.encoded
    assert build.mails_to(robin.email, "question_changed")
    assert "signin:question:changed" in build.deeds_of(robin)
    assert "Lighthouse" not in page(client, "/profile/question/")


@pytest.mark.parametrize(
    ("question", "answer"),
    [("dream_job", "abc"), ("dream_job", "x" * 101), ("dream_job", "    "), ("nosuch", "Maple")],
)
def test_a_bad_answer_is_refused_at_the_field(client: Client, robin: Account, question: str, answer: str):
    """4 to 100 characters, one of the list. [P-10]"""
    before = SecurityAnswer.objects.get(account=robin).encoded
    shown = client.post("/profile/question/edit/", {"question": question, "answer": answer})
    assert shown.status_code == 200
    assert SecurityAnswer.objects.get(account=robin).encoded == before


def test_the_strict_policy_has_no_security_question(client: Client, robin: Account, settings):
    """Neither entry nor page. [P-10, R-9]"""
    secret = build.with_authenticator(robin, now=clock.now() - timedelta(minutes=5))
    build.sign_in_by_app(client, robin, secret)
    settings.PROFILE = PROFILES["strict"]
    assert "Security Question" not in page(client, "/profile/")
    assert client.get("/profile/question/").status_code == 404
    assert client.get("/profile/question/edit/").status_code == 404


def test_contact_information_is_changed(client: Client, robin: Account):
    """Home address, phone, preferred name and language, sealed as before. [R-9, A-7]"""
    answer = client.post("/profile/edit/", CONTACT)
    assert answer.headers["Location"] == "/profile/?saved", answer.content.decode()
    robin.refresh_from_db()
    assert (robin.preferred_name, robin.phone, robin.language) == ("Rob", "5125550199", "es")
    home = personal_facts(robin).address
    assert (home.line_1, home.city, home.zip) == ("7 Heron Street", "Tampa", "336011234")
    assert b"Heron" not in bytes(Person.objects.get(pk=robin.pk).home_address_sealed)
    assert "7 Heron Street" in page(client, "/profile/")


def test_an_address_abroad_is_accepted(client: Client, robin: Account):
    """Any region and postal code. [R-9, A-8]"""
    abroad = {"in_us": "no", "state": "abroad", "zip": "W1A 1AA", "country": "United Kingdom"}
    assert client.post("/profile/edit/", CONTACT | abroad).status_code == 302
    home = personal_facts(robin).address
    assert (home.country, home.zip, home.is_us) == ("United Kingdom", "W1A 1AA", False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "abroad"},
        {"zip": "3360"},
        {"in_us": "no", "country": ""},
        {"in_us": "no", "country": "US"},
        {"phone": "012"},
        {"language": "xx"},
        {"preferred_name": "x" * 41},
        {"line_1": "x" * 61},
        {"in_us": ""},
    ],
)
def test_wrong_contact_information_changes_nothing(client: Client, robin: Account, wrong: dict):
    """Each is told at its field. [R-9, R-2]"""
    shown = client.post("/profile/edit/", CONTACT | wrong)
    assert shown.status_code == 200
    assert "error-summary" in shown.content.decode()
    assert personal_facts(robin).address.city == "Orlando"


def test_the_ledger_names_what_changed_and_no_value(client: Client, robin: Account):
    """Names of columns only. [L-1, L-2]"""
    from bailiwick.ground.ledger.models import Entry

    client.post("/profile/edit/", CONTACT)
    entry = Entry.objects.get(deed="account:profile:changed", subject=str(robin.pk))
    assert entry.about == {"changed": ["address", "language", "phone", "preferred_name", "text_capable"]}
