"""The end of sessions: IDM's back-channel logout, the person's own sign-out (O-1, O-5)."""

import threading
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connections
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.signin.models import LogoutTold, Session
from bailiwick.wire.events import BACKCHANNEL_LOGOUT
from tests.spot.build_signin import leave_for_idm, signed_in
from tests.spot.provider import callback_path, seconds, signed_with_secret

pytestmark = pytest.mark.django_db


def tell(token: str, **extra):
    return Client(enforce_csrf_checks=True).post(
        "/oidc/backchannel-logout",
        data=f"logout_token={token}",
        content_type="application/x-www-form-urlencoded",
        **extra,
    )


def test_logout_ends_the_session_at_once(provider):
    """IDM's logout token ends the session; the next page says so in words. [O-5, M-3]"""
    client, session = signed_in(provider)
    assert tell(provider.logout_token()).status_code == 200
    session.refresh_from_db()
    assert session.end_reason == "signed_out_at_idm"
    assert not session.access_token_sealed
    assert not session.id_token_sealed
    page = client.get("/home/")
    assert page.status_code == 403
    assert "You were signed out" in page.content.decode()


def test_ended_session_is_told_once_then_the_browser_is_a_visitor(provider):
    """After the page that says why, the way leads to sign-in as for anybody. [M-3]"""
    client, _ = signed_in(provider)
    tell(provider.logout_token())
    client.get("/home/")
    assert client.get("/home/").status_code == 302


def test_logout_of_a_session_leaves_others(provider):
    """A token that names a session ends that one only. [O-1]"""
    client, _ = signed_in(provider)
    tell(provider.logout_token(sid="another"))
    assert client.get("/home/").status_code == 200


def test_logout_of_a_person_ends_all_their_sessions(provider):
    """A token that names no session ends all of the person's. [O-5]"""
    signed_in(provider)
    signed_in(provider)
    assert tell(provider.logout_token(sid=None, iat=seconds() + 1)).json() == {"ended": 2}


def test_logout_of_somebody_else_ends_nothing(provider):
    """The person and the session must fit together. [O-1]"""
    client, _ = signed_in(provider)
    tell(provider.logout_token(sub="somebody-else"))
    assert client.get("/home/").status_code == 200


def test_repeated_logout_is_answered_alike_and_ends_nothing_newer(provider):
    """The same token again is 200, for the sender may not have heard; it ends no later session. [O-5]"""
    signed_in(provider)
    token = provider.logout_token(iat=seconds())
    assert tell(token).status_code == 200
    Session.objects.all().delete()
    LogoutTold.objects.update(issued_at="2020-01-01T00:00Z")
    client, _ = signed_in(provider)
    assert tell(token).json() == {"ended": 0}
    assert client.get("/home/").status_code == 200


def test_logout_of_nobody_known_is_answered(provider):
    """A logout for a session that SPOT does not have is done already. [O-5]"""
    assert tell(provider.logout_token()).json() == {"ended": 0}


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "http://localhost:1"},
        {"aud": "another"},
        {"aud": None},
        {"exp": None},
        {"exp": seconds() - 600},
        {"iat": None},
        {"iat": seconds() - 3600},
        {"iat": seconds() + 3600},
        {"jti": None},
        {"jti": 5},
        {"jti": ""},
        {"events": None},
        {"events": {}},
        {"events": {BACKCHANNEL_LOGOUT: True}},
        {"events": [BACKCHANNEL_LOGOUT]},
        {"events": BACKCHANNEL_LOGOUT},
        {"nonce": "n"},
        {"nonce": ""},
        {"sub": None, "sid": None},
        {"sub": 5},
        {"sid": ["sid-1"]},
        {"typ": "JWT"},
        {"typ": "at+jwt"},
    ],
    ids=str,
)
def test_forged_logout_ends_nothing(provider, changes):
    """A logout token must be IDM's, for SPOT, fresh, and a logout token. [O-1, AX24]"""
    client, _ = signed_in(provider)
    response = tell(provider.logout_token(**changes))
    assert response.status_code == 400
    assert response.json() == {"error": "invalid_request"}
    assert client.get("/home/").status_code == 200


def test_logout_signed_with_the_public_key_as_secret_ends_nothing(provider):
    """Algorithm confusion does not end sessions either. [AX24]"""
    client, _ = signed_in(provider)
    secret, kid = provider.key.as_pem(private=False), provider.key.kid
    assert tell(signed_with_secret(provider.logout_token(), secret, kid)).status_code == 400
    assert client.get("/home/").status_code == 200


def test_id_token_is_no_logout_token(provider):
    """A token made for sign-in does not sign out. [AX26]"""
    signed_in(provider)
    assert tell(provider.id_token("n", "a")).status_code == 400


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("", "application/x-www-form-urlencoded"),
        ("logout_token=", "application/x-www-form-urlencoded"),
        ("logout_token=a.b.c", "application/x-www-form-urlencoded"),
        ("logout_token=a&logout_token=b", "application/x-www-form-urlencoded"),
        ("logout_token=" + "a" * 30_000, "application/x-www-form-urlencoded"),
        ('{"logout_token": "a.b.c"}', "application/json"),
        ("\x00\xff", "text/plain"),
    ],
)
def test_logout_door_takes_nothing_else(provider, body, kind):
    """Whatever else is sent to the door is 400 and writes nothing. [O-1]"""
    response = Client().post("/oidc/backchannel-logout", data=body, content_type=kind)
    assert response.status_code == 400
    assert not LogoutTold.objects.exists()


def test_logout_door_takes_only_posts():
    """The door answers POST only. [O-1]"""
    assert Client().get("/oidc/backchannel-logout").status_code == 405


def test_logout_waits_while_keys_cannot_be_read(provider):
    """With IDM's keys out of reach nothing is decided: IDM is asked to try again. [O-5]"""
    token = provider.logout_token()
    provider.stop()
    assert tell(token).status_code == 503


def test_sign_in_that_was_ended_meanwhile_does_not_begin(provider):
    """A logout told while the code was being exchanged counts for the session about to begin. [O-5]"""
    client = Client()
    answer = provider.authorize(leave_for_idm(client))
    # The ID token is made a moment later than this, perhaps past the turn of a second: IDM speaks after it.
    tell(provider.logout_token(iat=seconds() + 3))
    response = client.get(callback_path(answer))
    assert response.get("X-Refusal") == "sign_in_access_ended"
    assert not Session.objects.exists()


def test_sign_in_after_a_logout_begins(provider):
    """A logout of before does not hinder a sign-in of after. [O-5]"""
    tell(provider.logout_token(iat=seconds() - 60))
    client, _ = signed_in(provider)
    assert client.get("/home/").status_code == 200


def test_logout_is_on_the_ledger(provider):
    """What IDM told, and the session it ended, are on the ledger. [L-2]"""
    signed_in(provider)
    tell(provider.logout_token())
    assert Entry.objects.filter(deed=Deed.LOGOUT_TOLD.value).count() == 1
    assert Entry.objects.filter(deed=Deed.SESSION_ENDED.value).count() == 1


@pytest.mark.django_db(transaction=True)
def test_same_logout_twenty_times_at_once_counts_once(provider):
    """Twenty deliveries of one token at the same moment: all are answered, one counts. [O-5]"""
    signed_in(provider)
    token, answers = provider.logout_token(), []

    def deliver():
        answers.append(tell(token).json()["ended"])
        connections.close_all()

    threads = [threading.Thread(target=deliver) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [0] * 19 + [1]


# the person's own sign-out


def test_sign_out_ends_here_and_then_at_idm(provider):
    """Signing out ends SPOT's session and sends the browser to IDM's end of session. [O-1]"""
    client, session = signed_in(provider)
    response = client.post("/sign-out/")
    address = urlsplit(response["Location"])
    query = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.url}/logout"
    assert query["post_logout_redirect_uri"] == ["http://localhost:8001/signed-out/"]
    assert query["client_id"] == ["spot"]
    assert query["id_token_hint"][0].count(".") == 2
    session.refresh_from_db()
    assert session.end_reason == "signed_out"
    assert client.get("/home/").status_code == 302


def test_sign_out_puts_nobodys_name_into_a_url(provider):
    """An ID token that names the person is no hint for a URL: IDM then asks on its own page. [A-3]"""
    provider.claims = {"name": "Ada Example"}
    client, _ = signed_in(provider)
    query = parse_qs(urlsplit(client.post("/sign-out/")["Location"]).query)
    assert set(query) == {"client_id", "post_logout_redirect_uri"}


def test_sign_out_needs_the_persons_own_form(provider):
    """Another site cannot sign a person out; following a link cannot either. [SR-36]"""
    client, _ = signed_in(provider)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post("/sign-out/").status_code == 403
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/home/").status_code == 200


def test_sign_out_while_idm_is_away_says_so(provider):
    """Without IDM one is signed out of SPOT, and told that IDM may go on. [M-3]"""
    client, _ = signed_in(provider)
    provider.stop()
    from bailiwick.spot.identity import discovery

    discovery.forget()
    response = client.post("/sign-out/", follow=True)
    assert "you may still be signed in there" in response.content.decode()
    assert not Session.objects.live().exists()


def test_sign_out_twice_is_no_error(provider):
    """A second press of Sign out shows the same page. [M-3]"""
    client, _ = signed_in(provider)
    client.post("/sign-out/")
    assert client.post("/sign-out/")["Location"] == "/signed-out/"
    assert client.get("/signed-out/").status_code == 200
