"""Browser sessions: how they begin, rise, rest and end. (S-2, S-6, S-7, S-8)"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.sessions import actions, continuing, doors, queries
from bailiwick.idm.sessions.middleware import SignedInPerson
from bailiwick.idm.sessions.models import Session
from tests.idm.build_oidc import VISITOR, account, browser, cookie_of

pytestmark = pytest.mark.django_db


def found(cookie, *, later=timedelta(0)):
    return queries.session_of_cookie(cookie, now=clock.now() + later, limits=settings.LIMITS)


def asked(cookie, path="/profile/?part=1", view=lambda request: HttpResponse("in")):
    """A request through the middleware to `view`."""
    request = RequestFactory().get(path)
    request.COOKIES[settings.SESSION_COOKIE_NAME] = cookie
    request.response = SignedInPerson(view)(request)
    return request


def session_of(person):
    return Session.objects.get(account=person)


def test_a_password_alone_signs_nobody_in():
    """Two steps at every sign-in. [S-1]"""
    session, cookie = actions.begin(account=account(), by=VISITOR, now=clock.now())
    request = asked(cookie)
    assert request.signed_in is None
    assert request.half_signed_in == session


def test_the_second_step_signs_in_and_changes_the_key():
    """The session id changes at each rise of privilege. [S-7]"""
    person = account()
    session, before = actions.begin(account=person, by=VISITOR, now=clock.now())
    after = actions.complete(session=session, factor="totp", stage="full", by=VISITOR, now=clock.now())
    assert found(before) is None
    request = asked(after)
    assert request.half_signed_in is None
    assert (request.signed_in.account, request.signed_in.name) == (person, "Casey Underhill")
    assert (request.signed_in.acr, session.amr) == ("urn:bailiwick:acr:mfa", ["pwd", "otp", "mfa"])


def test_the_cookie_is_not_in_the_database():
    """The row keeps a digest. [S-7]"""
    cookie = cookie_of(account())
    assert cookie.encode() not in bytes(Session.objects.get().key_digest)
    assert len(cookie) == 43


def test_a_step_up_changes_the_key_and_the_time():
    """Another factor, another id. [S-6, S-7]"""
    person = account()
    before = cookie_of(person, ago=timedelta(minutes=20))
    after = actions.reverify(session=session_of(person), factor="totp", by=VISITOR, now=clock.now())
    assert found(before) is None
    assert clock.now() - found(after).factor_at < timedelta(minutes=1)


def test_a_stronger_factor_lifts_a_limited_session():
    """A limited session ends with a factor other than e-mail. [S-2]"""
    person = account()
    session, _ = actions.begin(account=person, by=VISITOR, now=clock.now())
    actions.complete(session=session, factor="email", stage="limited", by=VISITOR, now=clock.now())
    assert session.acr == "urn:bailiwick:acr:limited"
    actions.reverify(session=session, factor="totp", by=VISITOR, now=clock.now())
    assert (session.stage, session.acr) == ("full", "urn:bailiwick:acr:mfa")


def test_a_session_rests_after_thirty_minutes():
    """Signed out at 30 minutes, computed when asked. [S-8]"""
    cookie = cookie_of(account())
    assert found(cookie, later=timedelta(minutes=29)) is not None
    assert found(cookie, later=timedelta(minutes=31)) is None


def test_no_session_is_older_than_twelve_hours():
    """12 hours at most, however busy. [S-8]"""
    person = account()
    cookie = cookie_of(person)
    Session.objects.update(last_seen_at=clock.now() + timedelta(hours=12))
    assert found(cookie, later=timedelta(hours=11, minutes=59)) is not None
    assert found(cookie, later=timedelta(hours=12, minutes=1)) is None


def test_presence_is_written_once_a_minute():
    """A busy page costs no write. [S-8]"""
    person = account()
    cookie = cookie_of(person)
    seen = session_of(person).last_seen_at
    asked(cookie)
    assert session_of(person).last_seen_at == seen
    Session.objects.update(last_seen_at=seen - timedelta(minutes=2))
    asked(cookie)
    assert session_of(person).last_seen_at >= seen


def test_a_request_without_our_cookie_costs_no_query(django_assert_num_queries):
    """Machines come without cookies. [S-7]"""
    with django_assert_num_queries(0):
        asked("")


@pytest.mark.parametrize("cookie", ["x", "é" * 20, "A" * 5000, "' OR 1=1 --", "\x00"])
def test_a_strange_cookie_is_nobody(cookie):
    """No string but the secret opens a session. [S-7]"""
    cookie_of(account())
    assert asked(cookie).signed_in is None


@pytest.mark.parametrize("state", ["suspended", "archived"])
def test_a_suspended_accounts_session_is_nobody(state):
    """Suspending ends sessions, also one that a race left open. [S-7]"""
    person = account()
    cookie = cookie_of(person)
    type(person).objects.filter(pk=person.pk).update(state=state)
    assert found(cookie) is None


def test_ending_one_session_leaves_the_others():
    """The holder ends any of their sessions. [S-7]"""
    person = account()
    first, second = cookie_of(person), cookie_of(person)
    actions.end(session=found(first), why="ended_by_holder", by=VISITOR, now=clock.now())
    assert found(first) is None
    assert found(second) is not None


def test_ending_all_can_spare_this_one():
    """A password change ends the others at once. [S-7]"""
    person = account()
    here, there = cookie_of(person), cookie_of(person)
    actions.end_all(account=person, why="password_changed", by=VISITOR, now=clock.now(), but=found(here))
    assert found(here) is not None
    assert found(there) is None


def test_ending_twice_is_one_entry():
    """Each change has exactly one ledger entry. [S-7]"""
    person = account()
    cookie_of(person)
    for _ in range(2):
        actions.end_all(account=person, why="suspended", by=VISITOR, now=clock.now())
    assert Entry.objects.filter(deed="signin:session:ended", subject=str(person.pk)).count() == 1


def test_a_page_for_signed_in_people_sends_others_to_sign_in_and_back():
    """Where one was going is kept in a signed cookie. [S-1]"""
    request = asked("", view=doors.signed_in(lambda request: HttpResponse("in")))
    assert request.response["Location"] == "/"
    back = RequestFactory().get("/")
    back.COOKIES[continuing.cookie_name()] = request.response.cookies[continuing.cookie_name()].value
    assert doors.after_sign_in_url(back) == "/profile/?part=1"


def test_half_signed_in_people_are_sent_to_the_second_step():
    """The password is not asked twice. [S-1]"""
    _, cookie = actions.begin(account=account(), by=VISITOR, now=clock.now())
    request = asked(cookie, view=doors.signed_in(lambda request: HttpResponse("in")))
    assert request.response["Location"] == "/sign-in/verify/"


def test_a_forged_continuation_leads_home():
    """Only our own signature names a page. [S-1]"""
    request = RequestFactory().get("/")
    for value in (
        "x",
        "//evil.example",
        continuing.signing.dumps({"p": "//evil.example", "t": "x", "o": ""}),
        "a:b:c",
    ):
        request.COOKIES[continuing.cookie_name()] = value
        assert doors.after_sign_in_url(request) == "/home/"


@pytest.mark.parametrize(
    "path", ["//evil.example/", "https://evil.example/", "/\\evil.example", "/" + "x" * 3000]
)
def test_a_path_that_leads_elsewhere_is_not_kept(path):
    """No open redirect after sign-in. [S-1]"""
    response = HttpResponse()
    continuing.remember(response, path=path, now=clock.now())
    assert continuing.cookie_name() not in response.cookies


def sensitive(cookie, **limits):
    return asked(cookie, view=doors.freshly_verified(**limits)(lambda request: HttpResponse("in"))).response


def test_a_sensitive_page_asks_for_a_factor_after_fifteen_minutes():
    """Step-up within 15 minutes, 5 for desk acts. [S-6]"""
    person = account()
    assert sensitive(cookie_of(person, ago=timedelta(minutes=14))).content == b"in"
    assert sensitive(cookie_of(person, ago=timedelta(minutes=16)))["Location"] == "/sign-in/verify/"
    desk = settings.LIMITS.step_up_desk
    assert (
        sensitive(cookie_of(person, ago=timedelta(minutes=6)), within=desk)["Location"] == "/sign-in/verify/"
    )


def test_a_limited_session_does_no_sensitive_act():
    """No step-up acts by e-mail code while another factor exists. [S-2]"""
    person = account()
    session, _ = actions.begin(account=person, by=VISITOR, now=clock.now())
    cookie = actions.complete(session=session, factor="email", stage="limited", by=VISITOR, now=clock.now())
    with pytest.raises(Refused, match="session_limited"):
        sensitive(cookie)


def test_the_continuation_is_dropped_on_arrival():
    """It serves once. [S-1]"""
    person = account()
    seat = browser(person)
    response = HttpResponse()
    continuing.remember(response, path="/no-access/?application=spot", now=clock.now())
    seat.cookies[continuing.cookie_name()] = response.cookies[continuing.cookie_name()].value
    seat.get("/no-access/?application=spot")
    assert not seat.cookies[continuing.cookie_name()].value


def test_cookies_are_marked_for_tls(settings):
    """`__Host-` on TLS, HttpOnly, Lax; deleting is marked alike, or the browser ignores it. [S-7]"""
    settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-idm_session", True
    response = HttpResponse()
    doors.set_cookie(response, "secret")
    given = response.cookies["__Host-idm_session"]
    assert (given["secure"], given["httponly"], given["samesite"], given["path"], given["domain"]) == (
        True,
        True,
        "Lax",
        "/",
        "",
    )
    doors.clear_cookie(response)
    continuing.forget(response)
    assert response.cookies["__Host-idm_session"]["secure"]
    assert response.cookies["__Host-idm_session_continue"]["secure"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE idm_sessions_session SET stage = 'full', authenticated_at = NULL",
        "UPDATE idm_sessions_session SET stage = 'limited', factor_at = NULL",
    ],
)
def test_the_database_knows_that_a_signed_in_session_has_its_factor(statement):
    """The last guard. [S-1]"""
    cookie_of(account())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_one_key_opens_one_session():
    """The last guard. [S-7]"""
    person = account()
    cookie_of(person)
    cookie_of(person)
    statement = (
        "UPDATE idm_sessions_session SET key_digest = (SELECT key_digest FROM idm_sessions_session LIMIT 1)"
    )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_client_without_cookies_is_a_visitor():
    """The sign-in page is for everybody. [S-1]"""
    assert Client().get("/no-access/?application=spot")["Location"] == "/"
