"""Reading signed tokens strictly: one exact spelling of each token is valid, every other string is not (AX24).

The library checks signatures but accepts what JSON and base64 let pass: a claim given twice, padding, stray bits.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

LONGEST = 4_096
COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
KNOWN_HEADERS = frozenset({"alg", "kid", "typ"})


class MalformedTokenError(Exception):
    """Not a token of ours, of theirs, or of anybody we know. The message holds nothing of the token."""


def read(token: str, *, keys: KeySet, algorithms: Iterable[str], types: Iterable[str]) -> dict[str, Any]:
    """The claims of a token signed by one of `keys`. Raises MalformedTokenError; checks no claim.

    `types` are the allowed values of the header `typ`, in lower case; "" allows its absence.
    """
    if len(token) > LONGEST or not COMPACT.fullmatch(token):
        raise MalformedTokenError("not a compact token")
    header, claims, _ = (_canonical(part) for part in token.split("."))
    head = _object(header)
    if set(head) - KNOWN_HEADERS:
        raise MalformedTokenError("unknown header")
    if str(head.get("typ", "")).lower() not in set(types):
        raise MalformedTokenError("wrong type of token")
    if not isinstance(head.get("kid", ""), str) or head.get("alg") not in set(algorithms):
        raise MalformedTokenError("wrong algorithm")
    body = _object(claims)
    try:
        jwt.decode(token, keys, algorithms=list(algorithms))
    except (JoseError, ValueError, TypeError, KeyError):
        raise MalformedTokenError("signature not valid") from None
    return body


def _canonical(part: str) -> bytes:
    """The bytes of a segment, if it is their only spelling."""
    try:
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError):
        raise MalformedTokenError("not base64url") from None
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != part:
        raise MalformedTokenError("not canonical")
    return data


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(
            data.decode("utf-8"), object_pairs_hook=_no_pair_twice, parse_constant=_no_constant
        )
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise MalformedTokenError("not a JSON object") from None
    if not isinstance(found, dict):
        raise MalformedTokenError("not a JSON object")
    return found


def _no_pair_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is given twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)
