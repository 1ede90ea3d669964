"""Secrets of 256 random bits, and the digests under which they are found again.

A plain SHA-256 suffices: what was drawn at random cannot be guessed, so stretching it would buy nothing.
"""

import hashlib
import secrets


def new_secret() -> str:
    """43 characters that fit a cookie, a header and a URL."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
