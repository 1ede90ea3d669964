"""Only exact, fresh ID tokens of IDM's for SPOT and for this sign-in are taken (AX24): a rogue provider tries the rest."""

import base64
import json

import pytest
from django.test import Client
from joserfc.jwk import ECKey, RSAKey

from bailiwick.spot.rules.signin import Refusal
from bailiwick.spot.signin.models import Session
from bailiwick.wire.claims import ACR_LIMITED, ACR_MFA
from tests.spot.build_signin import leave_for_idm, sign_in
from tests.spot.provider import callback_path, seconds, signed_with_secret

pytestmark = pytest.mark.django_db


def is_refused(provider, refusal: Refusal = Refusal.TOKEN_INVALID) -> None:
    response = sign_in(Client(), provider)
    assert response.get("X-Refusal") == refusal.value
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "http://localhost:1"},
        {"iss": None},
        {"iss": ["http://localhost"]},
        {"aud": "another"},
        {"aud": ["spot", "another"]},
        {"aud": []},
        {"aud": None},
        {"azp": "another"},
        {"exp": seconds() - 3600},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 1e300},
        {"iat": seconds() - 86_400},
        {"iat": seconds() + 3600},
        {"iat": None},
        {"nonce": "another"},
        {"nonce": ""},
        {"nonce": None},
        {"nonce": 7},
        {"sub": None},
        {"sub": ""},
        {"sub": 5},
        {"sub": "x" * 300},
        {"sid": None},
        {"acr": None},
        {"acr": "urn:bailiwick:acr:unheard-of"},
        {"acr": [ACR_MFA]},
        {"amr": None},
        {"amr": "pwd"},
        {"auth_time": None},
        {"auth_time": seconds() + 3600},
        {"auth_time": seconds() - 13 * 3600},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"at_hash": 5},
    ],
    ids=str,
)
def test_wrong_claim_is_refused(provider, claims):
    """Each claim is checked: issuer, audience, times, nonce, person, session, strength, token hash. [AX24, SR-25]"""
    provider.claims = claims
    is_refused(provider)


def test_acr_below_the_setting_is_refused(provider, settings, monkeypatch):
    """A sign-in weaker than this deployment of SPOT demands is refused, and says what to do. [S-2]"""
    monkeypatch.setattr(settings.ENVIRONMENT, "minimum_acr", ACR_MFA)
    provider.claims = {"acr": ACR_LIMITED}
    is_refused(provider, Refusal.TOO_WEAK)


def test_limited_sign_in_may_enter_by_default(provider):
    """The first sign-in by e-mail code may enter SPOT. [S-2]"""
    provider.claims = {"acr": ACR_LIMITED}
    assert sign_in(Client(), provider).status_code == 302


def test_rs256_is_taken(provider):
    """A token signed with RS256 by a key that IDM lists is taken. [O-1]"""
    provider.signing_key = provider.rsa
    assert sign_in(Client(), provider).status_code == 302


def unsigned(token: str) -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT", "kid": "x"}).encode()).rstrip(
        b"="
    )
    return f"{head.decode()}.{token.split('.')[1]}."


def twice(token: str) -> str:
    head, payload, signature = token.split(".")
    text = base64.urlsafe_b64decode(payload + "==").decode()
    doubled = text[:-1] + ',"sub":"somebody-else"}'
    return f"{head}.{base64.urlsafe_b64encode(doubled.encode()).rstrip(b'=').decode()}.{signature}"


def stray_bits(token: str) -> str:
    """The same bytes in another spelling: the last sign of the signature with unused bits set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) | 1]


@pytest.mark.parametrize(
    "rewrite",
    [
        unsigned,
        lambda token: unsigned(token)[:-1],
        twice,
        stray_bits,
        lambda token: token[:-1],
        lambda token: token[:-10],
        lambda token: token.rpartition(".")[0],
        lambda token: token.rpartition(".")[0] + ".",
        lambda token: token + "=",
        lambda token: token + "A",
        lambda token: token + ".",
        lambda token: " " + token,
        lambda token: token + "\n",
        lambda token: token.replace(".", "..", 1),
        lambda token: token.split(".")[1],
        lambda token: "a.b.c",
        lambda token: "....",
        lambda token: "é" + token,
        lambda token: token.replace(".", ".A", 1),
    ],
)
def test_token_that_is_not_exactly_well_formed_is_refused(provider, rewrite):
    """Unsigned, truncated, padded, re-encoded, doubled: only the exact bytes that IDM signed are valid. [AX24]"""
    provider.rewrite = rewrite
    is_refused(provider)


def test_token_too_large_is_refused(provider):
    """A token larger than any honest one is not even read. [AX24]"""
    provider.claims = {"more": "x" * 20_000}
    is_refused(provider, Refusal.UNANSWERED)


def test_public_key_is_no_shared_secret(provider):
    """HS256 with IDM's public key as the secret is refused (algorithm confusion). [AX24]"""
    secret, kid = provider.key.as_pem(private=False), provider.key.kid
    provider.rewrite = lambda token: signed_with_secret(token, secret, kid)
    is_refused(provider)


def test_listed_shared_secret_is_not_used(provider):
    """A symmetric key in the public list is no key. [AX24]"""
    secret = b"0123456789abcdef0123456789abcdef"
    text = base64.urlsafe_b64encode(secret).rstrip(b"=").decode()
    provider.listed = [{"kty": "oct", "k": text, "kid": "shared", "use": "sig"}]
    provider.rewrite = lambda token: signed_with_secret(token, secret, "shared")
    is_refused(provider)


def test_unlisted_key_is_refused(provider):
    """A good signature by a key that IDM does not list is a bad signature. [AX24]"""
    provider.signing_key = ECKey.generate_key("P-256", auto_kid=True)
    is_refused(provider)


def test_unlisted_key_under_a_listed_name_is_refused(provider):
    """Borrowing the name of a listed key does not help. [AX24]"""
    provider.signing_key = ECKey.generate_key("P-256")
    provider.header = {"kid": provider.key.kid}
    is_refused(provider)


def test_key_of_the_other_kind_is_refused(provider):
    """An algorithm is used only with a key of its own kind. [AX24]"""
    provider.signing_key = RSAKey.generate_key(2048)
    provider.header = {"kid": provider.key.kid}
    is_refused(provider)


@pytest.mark.parametrize(
    "header",
    [
        {"kid": None},
        {"kid": ""},
        {"typ": "logout+jwt"},
        {"typ": "at+jwt"},
        {"alg": "ES256", "crit": ["exp"], "exp": 1},
        {"jwk": ECKey.generate_key("P-256").as_dict(private=False), "kid": "x"},
        {"jku": "http://evil.example/keys", "kid": "x"},
    ],
    ids=str,
)
def test_header_that_asks_for_something_else_is_refused(provider, header):
    """Another purpose, critical extensions, a key brought along: refused. [AX24, AX26]"""
    own = provider.id_token("n", "a")
    provider.rewrite = lambda token: with_header(token, header)
    assert own
    is_refused(provider)


def with_header(token: str, changes: dict) -> str:
    head, payload, signature = token.split(".")
    header = {**json.loads(base64.urlsafe_b64decode(head + "==")), **changes}
    text = json.dumps({name: value for name, value in header.items() if value is not None})
    return f"{base64.urlsafe_b64encode(text.encode()).rstrip(b'=').decode()}.{payload}.{signature}"


def test_id_token_of_another_sign_in_is_refused(provider):
    """An ID token that was made for one sign-in does not work in another (nonce). [AX24]"""
    stolen = provider.id_token("nonce-of-another", "a")
    provider.rewrite = lambda _token: stolen
    is_refused(provider)


def test_rotated_key_is_found_without_a_restart(provider):
    """After IDM changed its key, the very next sign-in works. [O-1, AX24]"""
    assert sign_in(Client(), provider).status_code == 302
    fresh = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)
    provider.listed, provider.signing_key = [fresh, *provider.listed], fresh
    from bailiwick.spot.identity import keys

    # As after the two seconds in which an unknown key id makes nobody look again.
    keys.forget()
    assert sign_in(Client(), provider).status_code == 302


def test_invented_key_ids_do_not_make_spot_ask_again_and_again(provider):
    """Tokens with invented key ids cost IDM one look, not one each. [AX24]"""
    provider.header = {"kid": "invented"}
    for _ in range(5):
        is_refused(provider)
    assert provider.asked.count("GET /keys") <= 2


def test_two_windows_can_sign_in_side_by_side(provider):
    """Two sign-ins begun in one browser are both its own: the second to finish finds the first. [M-3]"""
    client = Client()
    one, two = leave_for_idm(client), leave_for_idm(client)
    assert client.get(callback_path(provider.authorize(two))).status_code == 302
    page = client.get(callback_path(provider.authorize(one)))
    assert "You are already signed in" in page.content.decode()
