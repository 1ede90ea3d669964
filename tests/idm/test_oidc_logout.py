"""Signing out: at an application's wish, and everywhere else when a session ends. (O-1, O-5, S-7)"""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from joserfc import jwt

from bailiwick.ground.outbox.channels import channels
from bailiwick.ground.outbox.delivery import deliver_due
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.program import clock
from bailiwick.idm.protocols.oidc.keys import signing_keys
from bailiwick.idm.protocols.oidc.vendors.logout_delivery import deliver
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import ApplicationSession, Session
from tests.idm.build_oidc import (
    VISITOR,
    Application,
    answer_of,
    browser,
    forget_catalogue,
    member,
    post,
    tokens_for,
    unsigned_claims,
    use_keys,
)

pytestmark = pytest.mark.django_db

HOME = "http://localhost:8001/"


@pytest.fixture
def spot(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    spot = Application("spot")
    use_keys(tmp_path, spot)
    yield spot
    forget_catalogue()


def enter(spot, person):
    """A browser in which the person is signed in to IDM and to SPOT, and SPOT's ID token."""
    seat = browser(person)
    code = answer_of(seat.get("/oidc/authorize", spot.parameters()))["code"]
    return seat, post("/oidc/token", spot.exchange(code)).json()["id_token"]


def test_a_valid_hint_signs_out_and_leads_back(spot):
    """RP-initiated logout with the ID token as proof. [O-1]"""
    person = member()
    seat, hint = enter(spot, person)
    wish = {"id_token_hint": hint, "post_logout_redirect_uri": HOME, "state": "s1"}
    response = seat.get("/oidc/logout", wish)
    assert (response.status_code, response["Location"]) == (302, f"{HOME}?state=s1")
    assert Session.objects.get(account=person).end_reason == "signed_out_at_application"
    assert seat.get("/oidc/authorize", spot.parameters())["Location"] == "/"


def test_a_link_without_a_hint_asks_and_ends_nothing(spot):
    """Forced logout by GET must not end sessions. [O-1]"""
    person = member()
    seat, _ = enter(spot, person)
    page = seat.get("/oidc/logout", {"client_id": "spot", "post_logout_redirect_uri": HOME})
    assert page.status_code == 200
    assert b"Do you want to sign out?" in page.content
    assert "form-action 'self' http://localhost:8001" in page["Content-Security-Policy"]
    assert Session.objects.get(account=person).ended_at is None


def test_the_person_confirms_on_our_page(spot):
    """What a link may not do, the person's own press of a button does. [O-1]"""
    person = member()
    seat, _ = enter(spot, person)
    wish = {"client_id": "spot", "post_logout_redirect_uri": HOME, "state": "s2"}
    response = seat.post("/oidc/logout/confirm", wish)
    assert response["Location"] == f"{HOME}?state=s2"
    assert Session.objects.get(account=person).end_reason == "signed_out"


def test_confirming_needs_the_token_of_our_form(spot):
    """Another site cannot press the button. [O-1]"""
    person = member()
    seat = browser(person)
    seat.handler.enforce_csrf_checks = True
    assert seat.post("/oidc/logout/confirm", {}).status_code == 403
    assert Session.objects.get(account=person).ended_at is None


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "http://localhost:8001",
        "http://localhost:8001//",
        "http://localhost:8001/?x=1",
    ],
)
def test_an_unregistered_address_gets_a_page_and_nothing_ends(spot, address):
    """Exactly a registered address, or none. [O-1]"""
    person = member()
    seat, hint = enter(spot, person)
    page = seat.get("/oidc/logout", {"id_token_hint": hint, "post_logout_redirect_uri": address})
    assert page.status_code == 400
    assert "Location" not in page
    assert Session.objects.get(account=person).ended_at is None


def test_a_hint_of_another_session_asks(spot):
    """Somebody else's ID token ends nobody's session. [O-1]"""
    other = tokens_for(spot, member())["id_token"]
    person = member()
    seat, _ = enter(spot, person)
    page = seat.get("/oidc/logout", {"id_token_hint": other})
    assert b"Do you want to sign out?" in page.content
    assert Session.objects.filter(ended_at__isnull=False).count() == 0


def test_a_client_id_that_is_not_the_hints_is_refused(spot):
    """The wish has one client. [O-1]"""
    seat, hint = enter(spot, member())
    assert seat.get("/oidc/logout", {"id_token_hint": hint, "client_id": "harbor"}).status_code == 400


def test_a_browser_without_session_ends_only_the_applications_presence(spot):
    """SPOT signs out a person whose IDM session is gone already. [O-5]"""
    person = member()
    _, hint = enter(spot, person)
    browser().get("/oidc/logout", {"id_token_hint": hint})
    assert ApplicationSession.objects.get().ended_at is not None
    assert Session.objects.get(account=person).ended_at is None


def test_every_application_is_told_once(spot):
    """The logout call is queued in the transaction that ends the session, once a session. [O-5]"""
    person = member()
    enter(spot, person)
    session = Session.objects.get(account=person)
    for _ in range(2):
        sessions.end(session=session, why="signed_out", by=VISITOR, now=clock.now())
    assert Message.objects.filter(kind="backchannel-logout").count() == 1


class Ear(BaseHTTPRequestHandler):
    """An application's back-channel door; fails as often as it was told to."""

    heard: list[str] = []
    fails = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        is_failing = Ear.fails > 0
        Ear.fails -= 1
        if not is_failing:
            Ear.heard.append(parse_qs(body)["logout_token"][0])
        self.send_response(503 if is_failing else 200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def ear(spot, settings):
    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.APPLICATION_VALUES["spot_url"] = f"http://127.0.0.1:{server.server_port}"
    forget_catalogue()
    Ear.heard, Ear.fails = [], 0
    yield Ear
    server.shutdown()
    server.server_close()


def work(now):
    doors = {**channels(), "call:backchannel-logout": deliver}
    return deliver_due(now, channels=doors, clock=lambda: now)


def test_the_logout_token_names_session_subject_and_event(spot, ear):
    """Logout tokens with sid, sub, events, jti; no nonce. [O-5]"""
    person = member()
    tokens = tokens_for(spot, person)
    now = clock.now()
    sessions.end_all(account=person, why="suspended", by=VISITOR, now=now)
    work(now)
    (token,) = ear.heard
    decoded = jwt.decode(token, signing_keys().public, algorithms=["ES256"])
    claims = decoded.claims
    assert decoded.header["typ"] == "logout+jwt"
    assert (claims["iss"], claims["aud"], claims["sub"]) == (settings.BASE_URL, "spot", str(person.pk))
    assert claims["sid"] == unsigned_claims(tokens["id_token"])["sid"]
    assert claims["events"] == {"http://schemas.openid.net/event/backchannel-logout": {}}
    assert claims["jti"]
    assert "nonce" not in claims


def test_a_deaf_application_is_told_again_until_it_confirms(spot, ear):
    """Retried until confirmed. [O-5]"""
    person = member()
    tokens_for(spot, person)
    now = clock.now()
    sessions.end_application_sessions(
        account=person, application="spot", why="grant_ended", by=VISITOR, now=now
    )
    ear.fails = 2
    for _ in range(3):
        work(now)
        row = Message.objects.get(kind="backchannel-logout")
        now = max(now, row.next_try_at)
    assert len(ear.heard) == 1
    assert Message.objects.get(kind="backchannel-logout").state == "done"


def test_a_logout_token_is_no_id_token_hint(spot, ear):
    """Each token only for what it was made. [O-1]"""
    person = member()
    tokens_for(spot, person)
    sessions.end_application_sessions(
        account=person, application="spot", why="grant_ended", by=VISITOR, now=clock.now()
    )
    work(clock.now())
    page = browser(person).get("/oidc/logout", {"id_token_hint": ear.heard[0]})
    assert b"Do you want to sign out?" in page.content


def test_no_token_of_a_session_is_stored_readable(spot):
    """Rows keep digests only. [O-1]"""
    tokens = tokens_for(spot, member())
    from bailiwick.idm.sessions.models import TokenFamily

    row = json.dumps(
        list(TokenFamily.objects.values()),
        default=lambda value: bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value),
    )
    assert tokens["access_token"] not in row
