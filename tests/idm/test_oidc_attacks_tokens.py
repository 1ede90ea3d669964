"""Attacks on signed tokens: client assertions and hints, over real HTTP. (AX24, AX27)"""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from django.conf import settings
from django.db import connections
from joserfc import jwt

from bailiwick.ground.ledger.models import Entry
from bailiwick.idm.protocols.oidc import keys
from bailiwick.idm.sessions.models import Session
from tests.idm.build_oidc import ASSERTION_TYPE, Application, cookie_of, forget_catalogue, member, use_keys
from tests.idm.build_tokens import bent, forged, signed_raw

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def spot(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    spot = Application("spot")
    use_keys(tmp_path, spot)
    yield spot
    forget_catalogue()


@pytest.fixture
def server(live_server):
    with httpx.Client(base_url=live_server.url, trust_env=False, timeout=60) as client:
        yield client


def machine_form(spot: Application, assertion: str) -> dict[str, str]:
    usual = {"grant_type": "client_credentials", "scope": "provisioning"}
    return {**usual, "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}


def test_only_the_exact_assertion_authenticates_a_client(spot, server):
    """The vector set: nothing but the token itself passes. [O-1, AX24]"""
    passed = []
    vectors = bent(spot.assertion()) | forged(spot.key, spot.claims())
    for name, assertion in vectors.items():
        answer = server.post("/oidc/token", data=machine_form(spot, assertion))
        if answer.status_code != 400 or answer.json()["error"] not in {"invalid_client", "invalid_request"}:
            passed.append((name, answer.status_code, answer.text[:100]))
    assert not passed
    # The forger's tool makes tokens that pass where nothing is wrong with them: the vectors fail for what they are.
    head = {"alg": "ES256", "kid": spot.key.kid}
    right = signed_raw(spot.key, json.dumps(head), json.dumps(spot.claims()))
    assert server.post("/oidc/token", data=machine_form(spot, right)).status_code == 200


def test_an_assertion_with_wrong_claims_authenticates_nobody(spot, server):
    """iat, exp, aud, iss, sub, nbf and jti are each exact. [O-1, AX24]"""
    now = spot.claims()["iat"]
    issuer = settings.BASE_URL
    wrong = [
        *({name: None} for name in ("iss", "sub", "aud", "iat", "exp", "jti")),
        *(
            {"aud": aud}
            for aud in (
                issuer + "/",
                issuer.upper(),
                issuer[:-1],
                "",
                [],
                [issuer, "x"],
                [[issuer]],
                {"a": issuer},
            )
        ),
        *(
            {"aud": aud}
            for aud in (f"{issuer}/oidc/token/", f"{issuer}/oidc/introspect", "http://evil.example", None, 1)
        ),
        *({"iss": iss} for iss in ("harbor", "SPOT", " spot", ["spot"], 1)),
        *({"sub": sub} for sub in ("harbor", "SPOT", ["spot"], {"a": 1}, 1)),
        *(
            {"exp": exp}
            for exp in (
                now,
                now - 1,
                now - 600,
                now + 400,
                now + 10**9,
                "soon",
                str(now + 60),
                now + 60.5,
                True,
            )
        ),
        *({"exp": exp} for exp in (2**63, -1, [now + 60], 10**400)),
        *({"iat": iat} for iat in (now + 120, now - 400, "now", 0, -5, True, now + 0.5, 2**64)),
        *({"nbf": nbf} for nbf in (now + 120, "later", [], True)),
        *({"jti": jti} for jti in ("", "x" * 65, 1, ["x"], {"x": 1}, "a\u0000b")),
    ]
    passed = []
    for change in wrong:
        answer = server.post("/oidc/token", data=machine_form(spot, spot.assertion(**change)))
        if answer.status_code != 400 or answer.json()["error"] != "invalid_client":
            passed.append((change, answer.status_code, answer.text[:100]))
    assert not passed


def test_both_names_of_ours_and_a_list_of_one_are_fine(spot, server):
    """The issuer or the token endpoint. [O-1]"""
    for audience in (settings.BASE_URL, [settings.BASE_URL], f"{settings.BASE_URL}/oidc/token"):
        answer = server.post("/oidc/token", data=machine_form(spot, spot.assertion(aud=audience)))
        assert answer.status_code == 200


@pytest.mark.parametrize(
    "extra",
    [
        {"client_secret": "x"},
        {"client_id": "harbor"},
        {"client_assertion_type": "urn:other"},
        {"client_assertion": None},
        {"client_assertion_type": None, "client_assertion": None, "client_id": "spot"},
    ],
)
def test_there_is_one_way_to_authenticate(spot, server, extra):
    """No secret, no second method, no public client. [O-1]"""
    form = spot.signed(grant_type="client_credentials", scope="provisioning", **extra)
    for path in ("/oidc/token", "/oidc/introspect", "/oidc/revoke"):
        answer = server.post(path, data={**form, "token": "x"})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_an_authorization_header_beside_the_assertion_is_refused(spot, server):
    """One client authentication. [O-1]"""
    form = machine_form(spot, spot.assertion())
    answer = server.post("/oidc/token", data=form, auth=("spot", "x"))
    assert answer.json()["error"] == "invalid_client"


def test_token_parameters_come_from_the_body_alone(spot, server):
    """A query string lands in logs. [O-1]"""
    form = machine_form(spot, spot.assertion())
    assert server.post(f"/oidc/token?{urlencode(form)}").json()["error"] == "invalid_request"
    assert server.post("/oidc/token?x=1", data=form).json()["error"] == "invalid_request"
    assert server.post("/oidc/token", json=form).json()["error"] == "invalid_request"
    assert server.get("/oidc/token", params=form).status_code == 405


@pytest.mark.parametrize(
    "grant", ["password", "implicit", "urn:ietf:params:oauth:grant-type:device_code", ""]
)
def test_no_other_grant_exists(spot, server, grant):
    """Only code, refresh and client credentials. [O-1]"""
    answer = server.post(
        "/oidc/token", data=spot.signed(grant_type=grant, username="x", password="x", scope="openid")
    )
    assert answer.json()["error"] in {"unsupported_grant_type", "invalid_request"}


@pytest.mark.parametrize("path", ["/oidc/token", "/oidc/introspect", "/oidc/revoke"])
def test_odd_bytes_and_sizes_are_an_answer_not_a_crash(spot, server, path):
    """Oversize, doubled, not ASCII: a 400 each. [O-1, AX24]"""
    form = {"grant_type": "authorization_code"}
    odd = [
        urlencode(form | {"code": "x" * 20_000}),
        urlencode(form) + "&code=a&code=b",
        urlencode(form | {"code": "é"}),
        "code=%ff%fe&grant_type=authorization_code",
        "&".join(f"p{number}=1" for number in range(1_000)),
        "=&=&=",
        "\x00",
    ]
    for body in odd:
        answer = server.post(
            path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert answer.status_code == 400, (body[:40], answer.status_code)


def test_a_failed_client_is_on_the_ledger_with_the_reason(spot, server):
    """Refusals are recorded; the caller hears none of the reason. [L-2]"""
    before = Entry.objects.filter(deed="application:client:refused", application="spot").count()
    answer = server.post("/oidc/token", data=machine_form(spot, spot.assertion(aud="http://evil.example")))
    assert answer.json()["error_description"] == "The client assertion is not valid."
    entries = Entry.objects.filter(deed="application:client:refused", application="spot").order_by("pk")
    assert entries.count() == before + 1
    assert (entries.last().why, entries.last().outcome) == ("is_for_us", "refused")


def test_an_assertion_works_once(spot, server):
    """The same jti a second time, at any door, is refused. [O-1, AX27]"""
    form = machine_form(spot, spot.assertion())
    assert server.post("/oidc/token", data=form).status_code == 200
    assert server.post("/oidc/token", data=form).json()["error"] == "invalid_client"
    assertion = {name: form[name] for name in ("client_assertion", "client_assertion_type")}
    assert (
        server.post("/oidc/introspect", data=assertion | {"token": "x"}).json()["error"] == "invalid_client"
    )


def test_an_assertion_that_failed_later_is_used_too(spot, server):
    """What was shown once may have been seen. [O-1, AX27]"""
    form = spot.exchange("no-such-code")
    assert server.post("/oidc/token", data=form).json()["error"] == "invalid_grant"
    assertion = {name: form[name] for name in ("client_assertion", "client_assertion_type")}
    again = {"grant_type": "client_credentials", "scope": "provisioning"} | assertion
    assert server.post("/oidc/token", data=again).json()["error"] == "invalid_client"


def test_twenty_requests_with_one_assertion_at_once_give_one_success(spot, server):
    """The row decides the race. [O-1, AX27]"""
    form = machine_form(spot, spot.assertion())

    def send(_):
        return httpx.post(f"{server.base_url}/oidc/token", data=form, trust_env=False, timeout=60).status_code

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, range(20)))
    connections.close_all()
    assert sorted(answers) == [200] + [400] * 19


def test_only_the_exact_id_token_is_a_hint(spot, server):
    """A bent or forged hint ends nothing: the page asks. [O-1, AX24]"""
    person = member()
    cookies = {settings.SESSION_COOKIE_NAME: cookie_of(person)}
    with httpx.Client(base_url=server.base_url, cookies=cookies, trust_env=False) as seat:
        code = httpx.URL(seat.get("/oidc/authorize", params=spot.parameters()).headers["Location"]).params[
            "code"
        ]
        hint = server.post("/oidc/token", data=spot.exchange(code)).json()["id_token"]
        claims = json.loads(base64.urlsafe_b64decode(hint.split(".")[1] + "=="))
        ours = keys.signing_keys().current["ES256"]
        foreign = {
            name: jwt.encode({"alg": "ES256", "kid": key.kid}, claims | change, key, ["ES256"])
            for name, key, change in (
                ("signed by the client", spot.key, {}),
                ("another issuer", ours, {"iss": "http://evil.example"}),
                ("another client", ours, {"aud": "harbor"}),
                ("another person", ours, {"sub": "x"}),
                ("another session", ours, {"sid": "x"}),
            )
        }
        for name, wrong in (bent(hint) | forged(ours, claims) | foreign).items():
            answer = seat.get("/oidc/logout", params={"id_token_hint": wrong, "client_id": "spot"})
            assert answer.status_code in {200, 400}, (name, answer.status_code)
            assert Session.objects.get(account=person).ended_at is None, name
        assert seat.get("/oidc/logout", params={"id_token_hint": hint}).status_code == 200
        assert Session.objects.get(account=person).ended_at is not None


def test_rotating_keys_under_load_fails_no_sign_in(spot, server, tmp_path, settings):
    """Whoever read the key set before a rotation can check what is signed after it. [O-1, AX24]"""
    ring = tmp_path / "rotating.json"
    keys.create_development_keys(ring)
    settings.OIDC_KEYS_FILE = ring
    person = member()
    cookies = {settings.SESSION_COOKIE_NAME: cookie_of(person)}
    known = _key_ids(server)
    with httpx.Client(base_url=server.base_url, cookies=cookies, trust_env=False) as seat:
        for turn in range(12):
            if turn % 4 == 3:
                keys.rotate(Path(ring))
            location = seat.get("/oidc/authorize", params=spot.parameters()).headers["Location"]
            form = spot.exchange(httpx.URL(location).params["code"])
            token = server.post("/oidc/token", data=form).json()["id_token"]
            signed_with = json.loads(base64.urlsafe_b64decode(token.split(".")[0] + "=="))["kid"]
            assert signed_with in known
            known = _key_ids(server)


def _key_ids(server) -> set[str]:
    return {key["kid"] for key in server.get("/oidc/jwks.json").json()["keys"]}
