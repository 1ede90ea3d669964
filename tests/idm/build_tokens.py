"""Tokens that must not pass: right ones bent, and forged ones (AX24)."""

import base64
import hmac
import json

from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def encoded(data) -> str:
    raw = data if isinstance(data, bytes) else data.encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed_raw(key: ECKey, header: str, payload: str) -> str:
    """A token whose header and payload are exactly these texts, rightly signed."""
    body = f"{encoded(header)}.{encoded(payload)}".encode()
    algorithm = jws.JWSRegistry.algorithms["ES256"]
    return f"{body.decode()}.{encoded(algorithm.sign(body, key))}"


def bent(token: str) -> dict[str, str]:
    """The token in other spellings; every one of them must be refused."""
    head, payload, signature = token.split(".")
    stray = signature[:-1] + LETTERS[(LETTERS.index(signature[-1]) + 1) % 64]
    standard = base64.b64encode(base64.urlsafe_b64decode(signature + "==")).decode()
    longer = base64.urlsafe_b64encode(base64.urlsafe_b64decode(signature + "==") + b"\0").decode().rstrip("=")
    return {
        "truncated signature": f"{head}.{payload}.{signature[:-4]}",
        "half a signature": f"{head}.{payload}.{signature[:43]}",
        "no signature": f"{head}.{payload}.",
        "no third part": f"{head}.{payload}",
        "padded signature": f"{token}==",
        "padded payload": f"{head}.{payload}=.{signature}",
        "standard base64": f"{head}.{payload}.{standard}",
        "longer signature": f"{head}.{payload}.{longer}",
        "stray bits": f"{head}.{payload}.{stray}",
        "fourth part": f"{token}.x",
        "blank before": f" {token}",
        "blank after": f"{token} ",
        "line end": f"{token}\n",
        "inner line end": f"{head}.{payload}\n.{signature}",
        "upper case": token.upper(),
        "parts swapped": f"{payload}.{head}.{signature}",
        "oversize": f"{head}.{payload}.{signature}{'A' * 5000}",
        "empty": "",
        "dots": "..",
        "json": '{"payload":"x"}',
    }


def forged(key: ECKey, claims: dict[str, object]) -> dict[str, str]:
    """Tokens with these claims that the owner of `key` did not sign, or not in a form that may pass."""
    text, public = json.dumps(claims), key.as_pem(private=False)
    head = {"alg": "ES256", "kid": key.kid}
    other = ECKey.generate_key("P-256", {"kid": key.kid}, private=True)
    rsa = RSAKey.generate_key(2048, {"kid": key.kid}, private=True)
    audience = json.dumps(claims["aud"])
    confused = f"{encoded(json.dumps({'alg': 'HS256', 'kid': key.kid}))}.{encoded(text)}"
    own = {"jwk": other.as_dict(private=False)}
    return {
        "alg none": f"{encoded(json.dumps({'alg': 'none'}))}.{encoded(text)}.",
        "alg None": f"{encoded(json.dumps({'alg': 'None'}))}.{encoded(text)}.{encoded('x')}",
        "alg missing": f"{encoded('{}')}.{encoded(text)}.{encoded('x')}",
        "public key as secret": f"{confused}.{encoded(hmac.digest(public, confused.encode(), 'sha256'))}",
        "another key": jwt.encode(head, claims, other, ["ES256"]),
        "another kind of key": jwt.encode(head | {"alg": "RS256"}, claims, rsa, ["RS256"]),
        "key in the header": signed_raw(other, json.dumps(head | own), text),
        "key by address": signed_raw(other, json.dumps(head | {"jku": "https://evil.example/keys"}), text),
        "critical header": signed_raw(key, json.dumps(head | {"crit": ["x"], "x": 1}), text),
        "unknown kid": jwt.encode(head | {"kid": "other"}, claims, key, ["ES256"]),
        "kid as path": jwt.encode(head | {"kid": "../../dev/null"}, claims, other, ["ES256"]),
        "number as kid": signed_raw(key, json.dumps(head | {"kid": 1}), text),
        "alg twice": signed_raw(key, f'{{"alg":"none","alg":"ES256","kid":"{key.kid}"}}', text),
        "claim twice": signed_raw(key, json.dumps(head), text[:-1] + f', "aud": "evil", "aud": {audience}}}'),
        "array": signed_raw(key, json.dumps(head), "[]"),
        "number": signed_raw(key, json.dumps(head), "1"),
        "no json": signed_raw(key, json.dumps(head), "hello"),
        "not a number": signed_raw(key, json.dumps(head), text[:-1] + ', "x": NaN}'),
        "no utf-8": f"{encoded(json.dumps(head))}.{encoded(bytes([255, 254]))}.{encoded('x' * 64)}",
        "deep": signed_raw(key, json.dumps(head), "[" * 600 + "]" * 600),
    }
