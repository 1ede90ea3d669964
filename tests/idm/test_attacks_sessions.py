"""Known attacks on sessions, tried through whole requests: garbage, forwarded headers, fixation, mixing, misuse of tokens."""

import re
import secrets
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.ground.program import clock
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.sessions.models import Session
from tests.idm import build_accounts as build

pytestmark = pytest.mark.django_db

COOKIE = settings.SESSION_COOKIE_NAME
GARBAGE = [
    "",
    "a",
    "\x00",
    "é" * 50,
    "A" * 9000,
    "' OR 1=1 --",
    "../../etc",
    "%s%n",
    "{{7*7}}",
    "=?utf-8?q?x?=",
    "\xff\xfe",
    ",,;;==",
]
HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_USER_AGENT",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT",
    "HTTP_REFERER",
    "HTTP_COOKIE",
    "HTTP_TZ",
    "HTTP_AUTHORIZATION",
    "HTTP_X_REQUEST_NUMBER",
    "HTTP_ORIGIN",
)
FORWARDED = {
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_FOR": "203.0.113.66",
    "HTTP_FORWARDED": "for=203.0.113.66;host=evil.example;proto=https",
    "HTTP_X_REAL_IP": "203.0.113.66",
    "HTTP_X_HOST": "evil.example",
    "HTTP_X_ORIGINAL_URL": "/home/",
    "HTTP_X_REWRITE_URL": "/home/",
}


@pytest.fixture
def robin() -> Account:
    return build.account()


def cookie_of(client: Client) -> str:
    return client.cookies[COOKIE].value if COOKIE in client.cookies else ""


def is_in(client: Client) -> bool:
    return client.get("/home/").status_code == 200


@pytest.mark.parametrize("header", HEADERS)
def test_garbage_in_a_header_skips_neither_password_nor_factor(robin: Account, header: str):
    """What cannot be parsed fails closed. [AX03, S-1]"""
    half = Client()
    build.give_password(half, robin)
    for value in GARBAGE:
        for path in ("/", "/home/", "/sign-in/verify/", "/profile/sessions/", "/stay/done/"):
            assert Client().get(path, **{header: value}).status_code < 500
        answer = half.get("/home/", **{header: value})
        assert answer.status_code in {302, 400}
        assert answer.headers.get("Location", "/") in {"/", "/sign-in/verify/"}


@pytest.mark.parametrize(
    "name",
    [
        COOKIE,
        f"{COOKIE}_device",
        f"{COOKIE}_continue",
        settings.LANGUAGE_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
    ],
)
def test_garbage_in_a_cookie_opens_nothing(robin: Account, name: str):
    """Nor does it break a page, or the sign-in that follows. [AX03, AX09]"""
    for value in GARBAGE:
        client = Client()
        client.cookies[name] = value
        assert not is_in(client)
        assert client.get("/").status_code == 200
    build.sign_in_by_email(client, robin)
    assert is_in(client)


@pytest.mark.parametrize("header", ["HTTP_USER_AGENT", "HTTP_ACCEPT_LANGUAGE", "HTTP_X_FORWARDED_FOR"])
def test_garbage_in_a_header_signs_in_as_ever(robin: Account, header: str):
    """The session and the device are noted, whatever the browser says of itself. [AX03, S-7]"""
    client = Client(**{header: "\x00\xff{{7*7}},;=" + "A" * 9000})
    build.sign_in_by_email(client, robin)
    assert client.get("/home/").status_code == 200
    assert client.get("/profile/sessions/").status_code == 200


def test_forwarded_headers_are_nobodys_word(robin: Account):
    """Links lead to the configured origin; the place is of the real peer. [AX04, S-9]"""
    Account.objects.filter(pk=robin.pk).update(first_signed_in_at=clock.now() - timedelta(days=3))
    client = Client(**FORWARDED)
    build.sign_in_by_email(client, robin)
    assert client.get("/home/").status_code == 200
    said = build.text_of(build.mails_to(robin.email, "new_device")[-1])
    assert f"{settings.BASE_URL}/not-me/" in said
    assert "evil.example" not in said
    assert "203.0.113" not in said
    session = Session.objects.get(account=robin)
    assert session.place == "127.0.0.0/24"
    assert not Entry.objects.filter(source__contains="203.0.113").exists()


def test_a_foreign_host_gets_no_page(robin: Account):
    """No link is ever made of it. [AX04]"""
    for host in ("evil.example", "localhost.evil.example", "evil.example:8000", "a" * 300):
        assert Client().get("/", HTTP_HOST=host).status_code == 400


def test_each_rise_has_a_new_id_and_the_old_one_is_dead(robin: Account):
    """Password, factor, step-up: three ids. [AX09, S-7]"""
    client, seen = Client(), []
    for step in (lambda: build.give_password(client, robin), lambda: build.sign_in_by_email(client, robin)):
        step()
        seen.append(cookie_of(client))
    secret = build.with_authenticator(robin, now=clock.now() - timedelta(minutes=5))
    client.post("/sign-in/verify/", {"factor": "totp", "code": build.number_of(secret)})
    seen.append(cookie_of(client))
    assert len(set(seen)) == 3
    for old in seen[:-1]:
        other = Client()
        other.cookies[COOKIE] = old
        assert not is_in(other)
    assert is_in(client)


def test_a_planted_session_is_not_the_victims(robin: Account):
    """Whoever knew the cookie before the sign-in knows nothing after it. [AX09]"""
    mallory, victim = Client(), Client()
    build.give_password(mallory, build.account())
    planted = cookie_of(mallory)
    victim.cookies[COOKIE] = planted
    build.sign_in_by_email(victim, robin)
    assert cookie_of(victim) != planted
    assert robin.user_id in victim.get("/home/").content.decode()
    assert not is_in(mallory)


def test_a_made_up_session_id_is_never_taken_over(robin: Account):
    """The server draws it. [AX09]"""
    made_up, victim = secrets.token_urlsafe(32), Client()
    victim.cookies[COOKIE] = made_up
    build.sign_in_by_email(victim, robin)
    assert cookie_of(victim) != made_up


def test_two_people_in_one_browser_are_never_mixed(robin: Account):
    """B signs in over A's tab: A's session is over, and B's pages are B's. [AX09]"""
    casey, client = build.account(), Client()
    build.sign_in_by_email(client, robin)
    first = cookie_of(client)
    build.sign_in_by_email(client, casey)
    page = client.get("/profile/").content.decode()
    assert casey.email in page
    assert robin.email not in page
    old = Client()
    old.cookies[COOKIE] = first
    assert not is_in(old)
    assert Session.objects.get(account=robin).end_reason == "replaced"
    assert not client.get("/profile/inbox/").content.decode().count(robin.user_id)


def test_a_cancelled_step_up_proves_nothing(robin: Account):
    """Opening the page, and leaving it, is no factor. [AX09, AX05, S-6]"""
    client = Client()
    build.sign_in_by_email(client, robin)
    old = (clock.now() - timedelta(minutes=16)).isoformat()
    Session.objects.update(proofs={"email": old})
    before = cookie_of(client)
    assert client.get("/profile/password/", follow=True).request["PATH_INFO"] == "/sign-in/verify/"
    client.get("/home/")
    assert cookie_of(client) == before
    assert client.get("/profile/email/edit/").headers["Location"] == "/sign-in/verify/"


def test_anothers_code_steps_up_nobody(robin: Account):
    """A code is of one session. [AX09]"""
    casey, client, other = build.account(), Client(), Client()
    build.sign_in_by_email(client, robin)
    build.give_password(other, casey)
    other.post("/sign-in/verify/", {"send": "email"})
    Session.objects.filter(account=robin).update(proofs={})
    before = cookie_of(client)
    client.post("/sign-in/verify/", {"factor": "email", "code": build.code_sent_to(casey.email)})
    assert cookie_of(client) == before
    assert client.get("/profile/email/edit/").headers["Location"] == "/sign-in/verify/"


def test_signing_out_without_a_cookie_ends_nobody(robin: Account):
    """There is no session to end. [AX09]"""
    client = Client()
    build.sign_in_by_email(client, robin)
    assert Client().post("/sign-out/").status_code == 302
    assert is_in(client)


def test_no_row_holds_the_password(robin: Account):
    """Neither sessions nor anything else that sign-in writes. [AX26]"""
    client = Client()
    build.sign_in_by_email(client, robin)
    client.get("/home/")
    code = build.code_sent_to(robin.email)
    for label in ("idm_sessions", "idm_signin", "idm_accounts", "ledger", "outbox"):
        for model in apps.get_app_config(label).get_models():
            for row in model.objects.values_list():
                said = " ".join(
                    bytes(x).decode("latin-1") if isinstance(x, bytes | memoryview) else str(x) for x in row
                )
                assert build.PASSWORD not in said, model
                assert build.ANSWER not in said, model
                if label in {"idm_sessions", "idm_signin"}:
                    assert cookie_of(client) not in said, model
                    assert f" {code} " not in f" {said} ", model


def test_a_session_cookie_is_good_at_its_own_door_only(robin: Account):
    """Neither as a link's token nor as a bearer. [AX26]"""
    client = Client()
    build.sign_in_by_email(client, robin)
    key = cookie_of(client)
    for path in (f"/not-me/{key}/", f"/email-undo/{key}/", f"/reset-password/{key}/"):
        assert Client().post(path).status_code == 404
    answer = Client().get("/oauth/userinfo", HTTP_AUTHORIZATION=f"Bearer {key}")
    assert answer.status_code in {400, 401, 404, 405}


def test_an_address_that_was_somebody_elses_carries_nothing_of_theirs(robin: Account):
    """Rights hang on the account, not on its mailbox or name. [AX11]"""
    casey, client = build.account(), Client()
    left = casey.email
    Account.objects.filter(pk=casey.pk).update(
        email="casey.new@example.org", email_key="casey.new@example.org", state="archived"
    )
    build.sign_in_by_email(client, robin)
    client.post("/profile/email/edit/", {"email": left, "email_again": left})
    said = build.text_of(build.mails_to(left, "email_confirm")[-1])
    client.post(re.search(r"/profile/email/confirm/[\w-]+/", said).group())
    robin.refresh_from_db()
    assert robin.email == left
    page = client.get("/profile/").content.decode()
    assert robin.user_id in page
    assert casey.user_id not in page
    other = Client()
    build.give_password(other, casey)
    assert not is_in(other)
