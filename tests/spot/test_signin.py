"""Signing in through IDM as a person sees it, and everything that can go wrong on the way back (O-1, M-3)."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db.models import F
from django.test import Client

from bailiwick.ground.ledger.models import Entry
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.signin import Refusal
from bailiwick.spot.signin.models import LoginAttempt, Person, Session
from tests.spot.build_signin import leave_for_idm, sign_in, signed_in
from tests.spot.provider import callback_path

pytestmark = pytest.mark.django_db


def test_sign_in_leads_home_as_the_person_idm_named(provider):
    """A sign-in through IDM ends on Home, signed in by IDM's subject, user ID and name. [O-1]"""
    client = Client()
    response = sign_in(client, provider)
    assert response.status_code == 302
    assert response["Location"] == "/home/"
    page = client.get("/home/").content.decode()
    assert "Ada Example" in page
    assert "ada.example" in page
    assert Person.objects.get().sub == provider.told["sub"]


def test_request_to_idm_carries_fresh_state_nonce_and_challenge(provider):
    """Each sign-in has its own state, nonce and S256 challenge; the verifier never leaves SPOT. [O-1]"""
    client = Client()
    one, two = (parse_qs(urlsplit(leave_for_idm(client)).query) for _ in range(2))
    assert one["code_challenge_method"] == ["S256"]
    assert one["response_type"] == ["code"]
    assert one["redirect_uri"] == ["http://localhost:8001/oidc/callback"]
    for name in ("state", "nonce", "code_challenge"):
        assert one[name] != two[name]
        assert len(one[name][0]) == 43
    assert "code_verifier" not in one


def test_the_language_goes_to_idm_and_comes_back(provider, settings):
    """What was chosen here is asked for there; where nothing was, pages are in the account's language. [N-2, O-1]"""
    name, client = settings.LANGUAGE_COOKIE_NAME, Client()
    assert "ui_locales" not in leave_for_idm(client)
    provider.told["locale"] = "es"
    sign_in(client, provider)
    assert client.cookies[name].value == "es"
    chose = Client()
    chose.post("/language/", {"language": "en", "next": "/"})
    assert "ui_locales=en" in leave_for_idm(chose)
    sign_in(chose, provider)
    assert chose.cookies[name].value == "en"


def test_assertion_is_fresh_for_each_request(provider):
    """SPOT proves who it is by a new short-lived assertion for every request. [O-1, AX27]"""
    signed_in(provider)
    assert len({claims["jti"] for claims in provider.assertions}) == len(provider.assertions) == 2


def test_sign_in_returns_to_the_page_that_was_wanted(provider):
    """Whoever wanted My IDM Account gets there after signing in. [M-4]"""
    client = Client()
    wanted = client.get("/account/")
    assert wanted["Location"] == "/sign-in/?next=%2Faccount%2F"
    assert sign_in(client, provider, "/account/")["Location"] == "/account/"


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "http:/account/",
        "/sign-out/",
        "/oidc/callback",
        "/nowhere/",
        "/account/\r\nX: y",
        "/account/" + "a" * 600,
        "javascript:alert(1)",
    ],
)
def test_return_address_is_one_of_ours(provider, path):
    """A return address that is not a page of SPOT's is not followed. [O-1]"""
    assert sign_in(Client(), provider, path)["Location"] == "/home/"


def test_session_id_is_new_at_each_sign_in(provider):
    """Signing in again replaces the session and its key. [S-7]"""
    client, first = signed_in(provider)
    key = client.cookies["spot_session"].value
    answer = provider.authorize(_second_start(client, provider))
    client.get(callback_path(answer))
    assert client.cookies["spot_session"].value != key
    first.refresh_from_db()
    assert first.end_reason == "replaced"


def _second_start(client: Client, provider) -> str:
    """A sign-in that this browser began before it was signed in."""
    key = client.cookies.pop("spot_session")
    address = leave_for_idm(client)
    client.cookies["spot_session"] = key.value
    return address


def test_cookies_are_out_of_reach_of_scripts(provider):
    """The session key is in an HttpOnly, SameSite cookie and in the database only as a digest. [S-7]"""
    client, session = signed_in(provider)
    cookie = client.cookies["spot_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie.value.encode() not in bytes(session.key_digest)


def test_sign_in_is_on_the_ledger(provider):
    """Each sign-in is on the ledger with its strength and without a personal value. [L-2]"""
    signed_in(provider)
    entry = Entry.objects.get(deed=Deed.SIGN_IN_COMPLETED.value)
    assert entry.subject == provider.told["sub"]
    assert "Ada" not in str(entry.about)


# the way back: state


def refused(response, refusal: Refusal) -> str:
    page = response.content.decode()
    assert response.get("X-Refusal") == refusal.value, page
    assert response.status_code >= 400
    assert "spot_session" not in response.cookies
    assert not Session.objects.exists()
    return page


def test_callback_without_state_is_refused(provider):
    """A callback without state signs nobody in. [AX25]"""
    client = Client()
    answer = provider.authorize(leave_for_idm(client), state=None)
    refused(client.get(callback_path(answer)), Refusal.STATE_MISSING)
    assert "POST /token" not in provider.asked


def test_state_of_another_browser_is_refused_in_words(provider):
    """An attacker's code and state do nothing in the victim's browser (login CSRF). [AX25, M-3]"""
    attacker, victim = Client(), Client()
    answer = provider.authorize(leave_for_idm(attacker))
    page = refused(victim.get(callback_path(answer)), Refusal.OTHER_WINDOW)
    assert "You started signing in in another window" in page
    assert "POST /token" not in provider.asked


def test_state_of_another_browser_is_refused_also_in_a_browser_that_is_signing_in(provider):
    """Having a sign-in of one's own under way does not help the attacker's. [AX25]"""
    attacker, victim = Client(), Client()
    leave_for_idm(victim)
    refused(victim.get(callback_path(provider.authorize(leave_for_idm(attacker)))), Refusal.OTHER_WINDOW)


def test_invented_state_is_refused(provider):
    """A state that SPOT never issued signs nobody in. [AX25]"""
    client = Client()
    answer = provider.authorize(leave_for_idm(client), state="x" * 43)
    refused(client.get(callback_path(answer)), Refusal.STATE_UNKNOWN)


def test_callback_replayed_elsewhere_is_refused(provider):
    """The same callback again, without the session it made, signs nobody in. [AX25]"""
    client = Client()
    address = leave_for_idm(client)
    browser = client.cookies["spot_signing_in"].value
    path = callback_path(provider.authorize(address))
    assert client.get(path).status_code == 302
    Session.objects.all().delete()
    client.cookies.clear()
    client.cookies["spot_signing_in"] = browser
    refused(client.get(path), Refusal.ATTEMPT_USED)


def test_callback_replayed_when_signed_in_is_kind(provider):
    """The back button and a reload of the callback lead on, they do not frighten. [M-3]"""
    client = Client()
    path = callback_path(provider.authorize(leave_for_idm(client)))
    client.get(path)
    page = client.get(path)
    assert page.status_code == 200
    assert "You are already signed in" in page.content.decode()
    assert Session.objects.live().count() == 1


def test_attempt_older_than_an_hour_is_refused(provider):
    """A sign-in that took more than an hour starts anew. [M-3]"""
    client = Client()
    answer = provider.authorize(leave_for_idm(client))
    LoginAttempt.objects.update(started_at=F("started_at") - timedelta(hours=1, seconds=1))
    refused(client.get(callback_path(answer)), Refusal.ATTEMPT_TOO_OLD)


@pytest.mark.parametrize("iss", [None, "", "http://localhost:1", "http://evil.example"])
def test_answer_of_another_issuer_is_refused(provider, iss):
    """The callback must name IDM as its issuer (RFC 9207). [O-1]"""
    client = Client()
    answer = provider.authorize(leave_for_idm(client), iss=iss)
    refused(client.get(callback_path(answer)), Refusal.OTHER_ISSUER)
    assert "POST /token" not in provider.asked


@pytest.mark.parametrize("name", ["state", "code", "iss"])
def test_doubled_parameter_is_refused(provider, name):
    """A parameter given twice is nobody's honest answer. [AX25]"""
    client = Client()
    answer = provider.authorize(leave_for_idm(client))
    refused(client.get(callback_path(answer) + f"&{name}={answer[name]}"), Refusal.MALFORMED)


@pytest.mark.parametrize("value", ["x" * 3000, "é", "a\x00b", "a\nb"])
def test_malformed_parameter_is_refused(provider, value):
    """Bad input gets a page, never an error. [M-3]"""
    client = Client()
    answer = provider.authorize(leave_for_idm(client), code=value)
    refused(client.get(callback_path(answer)), Refusal.MALFORMED)


# errors that IDM returns


@pytest.mark.parametrize(
    ("error", "refusal"),
    [
        ("access_denied", Refusal.ACCESS_DENIED),
        ("login_required", Refusal.LOGIN_REQUIRED),
        ("unmet_authentication_requirements", Refusal.TOO_WEAK),
        ("temporarily_unavailable", Refusal.BUSY),
        ("server_error", Refusal.BUSY),
        ("invalid_scope", Refusal.NOT_SET_UP),
        ("<script>alert(1)</script>", Refusal.NOT_SET_UP),
    ],
)
def test_errors_are_explained_in_own_words(provider, error, refusal):
    """Errors returned to SPOT are never shown raw, descriptions least of all. [M-3]"""
    client = Client()
    answer = provider.authorize(
        leave_for_idm(client),
        code=None,
        error=error,
        error_description="<b>canary</b>",
        error_uri="http://canary",
    )
    page = refused(client.get(callback_path(answer)), refusal)
    assert "canary" not in page
    assert "<script>alert" not in page


def test_code_that_idm_declines_is_explained(provider):
    """A code that is used or stale is explained. [M-3]"""
    client = Client()
    refused(
        client.get(callback_path(provider.authorize(leave_for_idm(client), code="x"))), Refusal.CODE_REFUSED
    )


def test_idm_away_at_the_start_is_explained(provider):
    """Nobody is sent to an IDM that does not answer. [M-3]"""
    provider.stop()
    refused(Client().get("/sign-in/"), Refusal.UNANSWERED)


def test_idm_away_at_the_end_is_explained(provider):
    """IDM gone between its page and the exchange: a page in words. [M-3]"""
    client = Client()
    answer = provider.authorize(leave_for_idm(client))
    provider.stop()
    refused(client.get(callback_path(answer)), Refusal.UNANSWERED)


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}),
        (302, {}),
        (200, b"not json"),
        (200, b"[" * 5000),
        (200, b"x" * 400_000),
        (200, {"token_type": "Bearer"}),
        (200, {"token_type": "mac", "access_token": "x", "id_token": "x"}),
        (200, {"token_type": "Bearer", "access_token": 5, "id_token": "x"}),
        (429, {"error": "slow_down"}),
    ],
)
def test_token_answers_that_make_no_sense_are_explained(provider, answer):
    """Whatever the token endpoint answers, the person reads a sentence. [M-3]"""
    client = Client()
    provider.answers["/token"] = lambda _form: answer
    refused(client.get(callback_path(provider.authorize(leave_for_idm(client)))), Refusal.UNANSWERED)


def test_issuer_other_than_the_settings_say_is_not_used(provider):
    """A discovery document of another issuer is no discovery document. [O-1]"""
    provider.answers["/.well-known"] = lambda _form: (
        200,
        {**provider._discovery({})[1], "issuer": "http://x"},
    )
    refused(Client().get("/sign-in/"), Refusal.UNANSWERED)


def test_endpoints_elsewhere_are_not_used(provider):
    """Endpoints outside IDM's own origin are refused: SPOT asks IDM and nobody else. [SR-34]"""
    document = {**provider._discovery({})[1], "token_endpoint": "http://169.254.169.254/token"}
    provider.answers["/.well-known"] = lambda _form: (200, document)
    refused(Client().get("/sign-in/"), Refusal.UNANSWERED)


def test_person_without_a_grant_is_told_so(provider):
    """Nobody enters SPOT without a role in it, whatever the ID token says. [O-2]"""
    provider.told["bailiwick_grants"] = []
    refused(sign_in(Client(), provider), Refusal.ACCESS_ENDED)


def test_introspection_of_somebody_else_is_refused(provider):
    """The access token must be of the person in the ID token. [O-1]"""
    provider.claims = {"sub": "somebody-else"}
    refused(sign_in(Client(), provider), Refusal.TOKEN_INVALID)


def test_refused_sign_in_is_on_the_ledger(provider):
    """A sign-in that did not come about is on the ledger with its reason. [L-2]"""
    client = Client()
    client.get(callback_path(provider.authorize(leave_for_idm(client), code=None, error="access_denied")))
    assert Entry.objects.get(deed=Deed.SIGN_IN_REFUSED.value).why == Refusal.ACCESS_DENIED.value
