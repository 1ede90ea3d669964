"""Attacks on where answers go, and on PKCE, over real HTTP. (AX12, AX13)"""

from urllib.parse import urlencode

import httpx
import pytest
from django.conf import settings

from tests.idm.build_oidc import Application, challenge_of, cookie_of, forget_catalogue, member, use_keys
from tests.idm.build_redirects import EVIL, near_misses

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def spot(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    spot = Application("spot")
    use_keys(tmp_path, spot)
    yield spot
    forget_catalogue()


@pytest.fixture
def seat(live_server):
    """A browser's connection, signed in as somebody who may enter."""
    cookies = {settings.SESSION_COOKIE_NAME: cookie_of(member())}
    with httpx.Client(base_url=live_server.url, cookies=cookies, trust_env=False) as client:
        yield client


def ask(seat, parameters):
    return seat.get(f"/oidc/authorize?{urlencode(parameters)}")


def code_from(seat, parameters):
    return httpx.URL(ask(seat, parameters).headers["Location"]).params["code"]


def test_no_address_but_the_registered_one_is_ever_redirected_to(spot, seat):
    """Two hundred near misses: an error page, never a redirect, nothing in Location. [O-1, AX12]"""
    rest = urlencode(spot.parameters(redirect_uri=None))
    wrong = []
    for payload in near_misses(spot.redirect_uri):
        answer = seat.get(f"/oidc/authorize?{rest}&redirect_uri={payload}")
        if answer.status_code != 400 or "Location" in answer.headers or EVIL in answer.text:
            wrong.append((payload, answer.status_code, answer.headers.get("Location")))
    assert not wrong


def test_a_missing_address_or_client_is_a_page(spot, seat):
    """No default address, no redirect to an unknown client. [O-1, AX12]"""
    for left_out in (
        {"redirect_uri": None},
        {"redirect_uri": ""},
        {"client_id": None},
        {"client_id": "nobody"},
    ):
        answer = ask(seat, spot.parameters(**left_out))
        assert (answer.status_code, "Location" in answer.headers) == (400, False)


def test_another_clients_address_is_not_ones_own(spot, seat):
    """Each client has its own addresses. [O-1, AX12]"""
    assert ask(seat, spot.parameters(client_id="harbor")).status_code == 400


def test_an_error_page_repeats_nothing_of_the_request(spot, seat):
    """What an attacker wrote is not shown under our name. [O-1, AX12]"""
    answer = ask(
        seat, spot.parameters(redirect_uri="http://x.example/CALL-555-0199", client_id="CALL-555-0199")
    )
    assert "CALL-555-0199" not in answer.text


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "id_token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": None}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"request": "eyJ.e30."}, "request_not_supported"),
        ({"request_uri": "https://evil.example/r"}, "request_uri_not_supported"),
        ({"claims": "{}"}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"scope": "openid provisioning"}, "invalid_scope"),
        ({"scope": "openid openid"}, "invalid_scope"),
        ({"state": None}, "invalid_request"),
        ({"state": "s" * 513}, "invalid_request"),
        ({"nonce": None}, "invalid_request"),
        ({"nonce": "n" * 256}, "invalid_request"),
        ({"prompt": "consent"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "1e3"}, "invalid_request"),
        ({"acr_values": "gold"}, "unmet_authentication_requirements"),
    ],
)
def test_what_is_not_supported_is_refused_at_the_clients_address(spot, seat, change, error):
    """A known word, with state and issuer, and no code. [O-1]"""
    asked = spot.parameters(**change)
    answer = ask(seat, asked)
    assert answer.headers["Location"].startswith(spot.redirect_uri + "?")
    told = httpx.URL(answer.headers["Location"]).params
    assert (told["error"], told["iss"], "code" in told) == (error, settings.BASE_URL, False)


@pytest.mark.parametrize("name", ["state", "scope", "nonce", "code_challenge", "response_type", "prompt"])
def test_a_parameter_given_twice_is_refused(spot, seat, name):
    """Two readers could take two values. [O-1]"""
    answer = seat.get(f"/oidc/authorize?{urlencode(spot.parameters())}&{name}=other")
    told = httpx.URL(answer.headers["Location"]).params
    assert told["error"] == "invalid_request"
    assert "code" not in told


DOWNGRADES = {
    "no challenge": {"code_challenge": None, "code_challenge_method": None},
    "plain": {"code_challenge_method": "plain"},
    "no method": {"code_challenge_method": None},
    "short challenge": {"code_challenge": "abc"},
    "padded challenge": {"code_challenge": challenge_of("x") + "="},
    "challenge with line end": {"code_challenge": challenge_of("x") + "\n"},
}


@pytest.mark.parametrize("form", DOWNGRADES)
def test_an_authorization_request_without_s256_gets_no_code(spot, seat, form):
    """PKCE with S256 for every client. [O-1, AX13]"""
    answer = ask(seat, spot.parameters(**DOWNGRADES[form]))
    told = httpx.URL(answer.headers.get("Location", "")).params
    assert "code" not in told
    assert answer.status_code == 400 or told["error"] == "invalid_request"


@pytest.mark.parametrize("verifier", [None, "", "wrong-" * 10, "short", "CHALLENGE", "LINE"])
def test_a_code_without_its_verifier_is_worth_nothing(spot, seat, verifier):
    """Challenge but no verifier, or another one: invalid_grant or invalid_request. [O-1, AX13]"""
    told = {"CHALLENGE": challenge_of(spot.verifier), "LINE": spot.verifier + "\n"}.get(verifier, verifier)
    form = spot.exchange(code_from(seat, spot.parameters()), code_verifier=told)
    answer = seat.post("/oidc/token", data=form)
    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_grant", "invalid_request"}


def test_a_verifier_where_there_is_no_code_is_refused(spot, seat):
    """Verifier but no challenge. [O-1, AX13]"""
    form = spot.signed(grant_type="client_credentials", scope="provisioning", code_verifier=spot.verifier)
    assert seat.post("/oidc/token", data=form).json()["error"] == "invalid_request"
