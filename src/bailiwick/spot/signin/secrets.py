"""The random values of a sign-in and how they are kept: digests to compare, sealed where SPOT must read them again."""

import base64
import hashlib
import secrets

from bailiwick.ground import vault

VERIFIER = "spot_signin.loginattempt.verifier"
ACCESS_TOKEN = "spot_signin.session.access_token"  # noqa: S105 - a place, not a secret
ID_TOKEN = "spot_signin.session.id_token"  # noqa: S105 - a place, not a secret
EMAIL = "spot_signin.session.email"


def fresh() -> str:
    """256 random bits, safe in URLs and cookies: 43 characters."""
    return secrets.token_urlsafe(32)


def digest(value: str) -> bytes:
    """SHA-256: enough for a value nobody can guess."""
    return hashlib.sha256(value.encode()).digest()


def challenge(verifier: str) -> str:
    """The PKCE challenge (S256) of a verifier."""
    return base64.urlsafe_b64encode(digest(verifier)).rstrip(b"=").decode()


def half_hash(access_token: str) -> str:
    """`at_hash` for ES256 and RS256: the left half of SHA-256."""
    return base64.urlsafe_b64encode(digest(access_token)[:16]).rstrip(b"=").decode()


def seal(text: str, *, place: str, row: object) -> bytes:
    return vault.seal(text, place=place, row=str(row))


def unseal(blob: bytes, *, place: str, row: object) -> str:
    return vault.unseal(blob, place=place, row=str(row))
