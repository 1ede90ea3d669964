"""How long a session lasts, and what it may do while IDM does not answer (M-4, S-8, O-5)."""

import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.spot.identity import discovery
from bailiwick.spot.identity.http import UnansweredError
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.signin.jobs import clean
from bailiwick.spot.signin.models import LoginAttempt, Session
from tests.spot.build_signin import leave_for_idm, let_pass, let_pass_without_idm, signed_in
from tests.spot.provider import grant

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
INTROSPECTION = "POST /introspect"


def test_idle_for_thirty_minutes_signs_out(provider):
    """After 30 minutes without a request the session is over, and the page says why. [S-8, M-4]"""
    client, session = signed_in(provider)
    let_pass(session, 30 * MINUTE)
    page = client.get("/home/")
    assert page.status_code == 403
    assert "did nothing in SPOT for 30 minutes" in page.content.decode()
    session.refresh_from_db()
    assert session.end_reason == "idle"


def test_idle_for_twenty_nine_minutes_goes_on(provider):
    """Until 30 minutes have passed the session goes on, and counts anew. [S-8]"""
    client, session = signed_in(provider)
    for _ in range(3):
        let_pass(session, 29 * MINUTE)
        assert client.get("/home/").status_code == 200


def test_twelve_hours_are_the_longest(provider):
    """However busy, a session ends after 12 hours. [S-8]"""
    client, session = signed_in(provider)
    let_pass(session, timedelta(hours=12))
    Session.objects.update(last_seen_at=session.started_at)
    page = client.get("/home/")
    assert page.status_code == 403
    assert "12 hours" in page.content.decode()


def test_stay_signed_in_moves_the_idle_clock(provider):
    """Pressing "stay signed in" is activity, and leads back to the page. [S-8]"""
    client, session = signed_in(provider)
    let_pass(session, 25 * MINUTE)
    assert client.post("/stay-signed-in/", {"path": "/account/"})["Location"] == "/account/"
    let_pass(session, 25 * MINUTE)
    assert client.get("/home/").status_code == 200


def test_pages_know_when_to_warn(provider):
    """A signed-in page carries the server's own numbers for the warning; a public one carries none. [S-8, M-4]"""
    client, _ = signed_in(provider)
    page = client.get("/home/").content.decode()
    assert 'data-idle-warned-after="1200"' in page
    assert 'data-idle-ends-after="1800"' in page
    assert "data-idle" not in Client().get("/").content.decode()


def test_idm_is_not_asked_within_five_minutes(provider):
    """Within five minutes IDM's last answer holds. [O-5]"""
    client, session = signed_in(provider)
    provider.asked.clear()
    let_pass_without_idm(session, 4 * MINUTE)
    client.get("/home/")
    assert INTROSPECTION not in provider.asked


def test_idm_is_asked_after_five_minutes_once(provider):
    """After five minutes the next request asks IDM, and only that one. [O-5]"""
    client, session = signed_in(provider)
    provider.asked.clear()
    let_pass_without_idm(session, 5 * MINUTE)
    for _ in range(3):
        assert client.get("/home/").status_code == 200
    assert provider.asked.count(INTROSPECTION) == 1


def test_what_idm_says_anew_is_shown(provider):
    """A role that came, a name that changed: five minutes later at most they are seen. [O-5]"""
    client, session = signed_in(provider)
    provider.told["name"] = "Ada Newname"
    provider.told["bailiwick_grants"] = [grant(role_name="FCSO - SPOT End User")]
    let_pass_without_idm(session, 5 * MINUTE)
    page = client.get("/account/").content.decode()
    assert "Ada Newname" in page
    assert "FCSO - SPOT End User" in page
    assert Entry.objects.filter(deed=Deed.SESSION_CONFIRMED.value).count() == 1


@pytest.mark.parametrize("change", [{"active": False}, {"bailiwick_grants": []}, {"sub": "another"}])
def test_access_that_ended_ends_the_session(provider, change):
    """Not active at IDM, or no grant left: the session is over, and the page says so. [O-5]"""
    client, session = signed_in(provider)
    provider.told.update(change)
    let_pass_without_idm(session, 5 * MINUTE)
    page = client.get("/home/")
    assert page.status_code == 403
    assert "Your access to SPOT has ended" in page.content.decode()
    session.refresh_from_db()
    assert session.end_reason == "access_ended"


def unanswered(provider, session) -> None:
    provider.answers["/introspect"] = lambda _form: (500, {})
    let_pass_without_idm(session, 5 * MINUTE)


def test_unanswered_pages_are_read_only(provider):
    """While IDM does not answer, pages can be read and say so; nothing can be changed. [O-5]"""
    client, session = signed_in(provider)
    unanswered(provider, session)
    page = client.get("/account/")
    assert page.status_code == 200
    assert "Read only for now" in page.content.decode()
    held = client.post("/account/", {"x": "1"})
    assert held.status_code == 503
    assert "Nothing can be changed right now" in held.content.decode()


def test_unanswered_signing_out_still_works(provider):
    """Signing out and staying signed in change nothing that IDM must allow. [O-5]"""
    client, session = signed_in(provider)
    unanswered(provider, session)
    client.get("/home/")
    assert client.post("/stay-signed-in/").status_code == 302
    assert client.post("/sign-out/").status_code == 302
    assert not Session.objects.live().exists()


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}),
        (200, {}),
        (200, {"active": "no"}),
        (401, {"error": "invalid_client"}),
        (429, {}),
        (200, b"?"),
        (200, {"active": True}),
        (404, {}),
    ],
    ids=str,
)
def test_no_answer_is_never_a_no(provider, answer):
    """Only IDM's own "not active" ends a session; an error of any kind does not. [O-5]"""
    client, session = signed_in(provider)
    provider.answers["/introspect"] = lambda _form: answer
    let_pass_without_idm(session, 5 * MINUTE)
    page = client.get("/home/")
    assert page.status_code == 200
    assert "Read only for now" in page.content.decode()


def test_after_fifteen_minutes_unanswered_spot_refuses(provider):
    """After 15 minutes without an answer nothing is shown; the page says what to do, and lets one sign out. [O-5]"""
    client, session = signed_in(provider)
    unanswered(provider, session)
    client.get("/home/")
    let_pass_without_idm(session, 10 * MINUTE)
    page = client.get("/account/")
    assert page.status_code == 503
    assert "We cannot check your access right now" in page.content.decode()
    assert "Ada" not in page.content.decode()
    assert client.post("/sign-out/").status_code == 302
    assert not Session.objects.live().exists()


def test_idm_back_opens_the_session_again(provider):
    """IDM answers again: the same session goes on, without signing in anew. [O-5]"""
    client, session = signed_in(provider)
    unanswered(provider, session)
    client.get("/home/")
    let_pass_without_idm(session, 12 * MINUTE)
    assert client.get("/home/").status_code == 503
    del provider.answers["/introspect"]
    let_pass_without_idm(session, MINUTE)
    page = client.get("/home/")
    assert page.status_code == 200
    assert "Read only" not in page.content.decode()


def test_unanswered_idm_is_not_asked_by_every_request(provider):
    """While IDM does not answer, a session asks again after 20 seconds, not at each request. [O-5]"""
    client, session = signed_in(provider)
    unanswered(provider, session)
    provider.asked.clear()
    for _ in range(5):
        client.get("/home/")
    assert provider.asked.count(INTROSPECTION) == 1


def test_idle_between_confirmation_and_refusal_asks_first(provider):
    """Back after 20 minutes: IDM is asked, and with its yes the page is there at once. [O-5]"""
    client, session = signed_in(provider)
    let_pass(session, 20 * MINUTE)
    assert client.get("/home/").status_code == 200


def test_outage_is_on_the_ledger_once(provider):
    """That pages went read-only is recorded once an outage. [L-2]"""
    client, session = signed_in(provider)
    unanswered(provider, session)
    for _ in range(3):
        client.get("/home/")
        let_pass_without_idm(session, MINUTE)
    assert Entry.objects.filter(deed=Deed.SESSION_UNANSWERED.value).count() == 1


@pytest.mark.parametrize("value", ["", "x", "é", "a" * 5000, "\x00"])
def test_invented_cookie_is_nobody(provider, value):
    """A cookie that SPOT never gave out is no session and no error. [S-7]"""
    client = Client()
    client.cookies["spot_session"] = value
    assert client.get("/home/").status_code == 302


def test_pages_behind_sign_in_are_not_stored(provider):
    """Nothing of a signed-in page stays in the browser. [SR-33]"""
    client, _ = signed_in(provider)
    assert "no-store" in client.get("/account/")["Cache-Control"]


def test_cleaning_records_ends_and_forgets_the_old(provider):
    """The job records what time has ended and deletes old sign-ins; run twice it does nothing more. [I-2]"""
    _, session = signed_in(provider)
    leave_for_idm(Client())
    now = session.started_at
    let_pass(session, 45 * MINUTE)
    clean(now)
    session.refresh_from_db()
    assert session.end_reason == "idle"
    count = Entry.objects.count()
    clean(now)
    assert Entry.objects.count() == count
    clean(now + django_settings.LIMITS.ended_sessions_kept + timedelta(days=1))
    assert not Session.objects.exists()
    assert not LoginAttempt.objects.exists()


# An IDM that hangs is worse than one that is down: it must not take SPOT's threads with it.


@pytest.fixture
def hanging(provider):
    """IDM takes questions and answers none; at the end of the test it lets go."""
    let_go = threading.Event()

    def hang(_form):
        let_go.wait(30)
        return 500, {}

    provider.answers["/introspect"] = hang
    yield provider
    let_go.set()


def test_idm_that_hangs_is_waited_for_a_few_seconds(hanging):
    """A question without an answer is given up within five seconds; the page is then read-only. [O-5]"""
    client, session = signed_in_before(hanging)
    let_pass_without_idm(session, 5 * MINUTE)
    started = time.monotonic()
    assert "Read only for now" in client.get("/home/").content.decode()
    assert time.monotonic() - started < 6


def test_idm_that_hangs_is_not_waited_for_by_everyone(hanging):
    """After one has waited in vain, the others hear at once that there is no answer. [O-5]"""
    first, one = signed_in_before(hanging)
    second, two = signed_in_before(hanging)
    let_pass_without_idm(one, 5 * MINUTE)
    let_pass_without_idm(two, 5 * MINUTE)
    first.get("/home/")
    hanging.asked.clear()
    started = time.monotonic()
    assert "Read only for now" in second.get("/home/").content.decode()
    assert time.monotonic() - started < 1
    assert INTROSPECTION not in hanging.asked


def signed_in_before(hanging):
    """Signed in while IDM still answered."""
    hang = hanging.answers.pop("/introspect")
    try:
        return signed_in(hanging)
    finally:
        hanging.answers["/introspect"] = hang


def test_discovery_that_fails_fails_for_all_who_waited(provider):
    """Threads that waited for one failing look do not each look again. [O-5]"""
    provider.answers["/.well-known"] = lambda _form: (time.sleep(0.5), (500, {}))[1]
    failures = []

    def look():
        try:
            discovery.endpoints()
        except UnansweredError:
            failures.append(1)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failures) == 8
    assert sum("well-known" in asked for asked in provider.asked) == 1
