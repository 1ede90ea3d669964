"""Opening a signed token that IDM sent: strictly formed, an allowed algorithm, a known key, a good signature.

What the claims must say is for the caller. Everything that is not exactly right is one error: InvalidTokenError.
"""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError

from bailiwick.spot.identity.keys import key_named

LONGEST_TOKEN = 16_384
ALGORITHMS = ("ES256", "RS256")
KEY_TYPES = {"ES256": "EC", "RS256": "RSA"}
SEGMENT = re.compile(r"[A-Za-z0-9_-]+")
SEGMENTS = 3


class InvalidTokenError(Exception):
    """The token is not one that IDM signed for this purpose. The message names the check and holds nothing of the token."""


@dataclass(frozen=True)
class Opened:
    header: dict[str, Any]
    claims: dict[str, Any]


def open_token(text: object, *, types: frozenset[str | None]) -> Opened:
    """Verify a compact JWS whose `typ` (lower case) is one of `types`. Raises InvalidTokenError, UnansweredError."""
    header, claims = _read(text)
    if header.get("typ") is not None and not isinstance(header["typ"], str):
        raise InvalidTokenError("typ")
    if (header["typ"].lower() if "typ" in header else None) not in types:
        raise InvalidTokenError("typ")
    algorithm, kid = header.get("alg"), header.get("kid")
    if algorithm not in ALGORITHMS or not isinstance(kid, str) or "crit" in header:
        raise InvalidTokenError("header")
    key = key_named(kid)
    # The key must be of the algorithm's own kind: never a public key taken for a shared secret.
    if key is None or key.key_type != KEY_TYPES[algorithm] or key.alg not in (None, algorithm):
        raise InvalidTokenError("key")
    try:
        jws.deserialize_compact(str(text).encode(), key, algorithms=[algorithm])
    except (JoseError, ValueError, TypeError):
        raise InvalidTokenError("signature") from None
    return Opened(header, claims)


def unverified_claims(text: str) -> dict[str, Any]:
    """The claims of a token that was verified when it came. Raises InvalidTokenError."""
    return _read(text)[1]


def _read(text: object) -> tuple[dict[str, Any], dict[str, Any]]:
    if not isinstance(text, str) or len(text) > LONGEST_TOKEN:
        raise InvalidTokenError("size")
    segments = text.split(".")
    if len(segments) != SEGMENTS or not all(SEGMENT.fullmatch(segment) for segment in segments):
        raise InvalidTokenError("form")
    _decoded(segments[2])
    return _object(segments[0]), _object(segments[1])


def _decoded(segment: str) -> bytes:
    """The bytes of a segment in its one canonical spelling (no padding, no stray bits): AX24."""
    try:
        data = base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        raise InvalidTokenError("form") from None
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != segment:
        raise InvalidTokenError("form")
    return data


def _object(segment: str) -> dict[str, Any]:
    try:
        data = json.loads(
            _decoded(segment).decode(), object_pairs_hook=_once_each, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        raise InvalidTokenError("form") from None
    if not isinstance(data, dict):
        raise InvalidTokenError("form")
    return data


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise InvalidTokenError("a name twice")
    return dict(pairs)


def _no_constant(_name: str) -> None:
    raise InvalidTokenError("not a number")
