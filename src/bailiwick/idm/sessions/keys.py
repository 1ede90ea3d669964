"""Secrets of 256 random bits, and the digests under which they are found again.

A plain SHA-256 suffices: what was drawn at random cannot be guessed, so stretching it would buy nothing.
"""

import hashlib
import secrets

from bailiwick.idm.accounts.models import Account


def new_secret() -> str:
    """43 characters that fit a cookie, a header and a URL."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def device_digest(account: Account, secret: str) -> bytes:
    """Of a device's secret and the account together: one browser used by two people is two digests (S-9)."""
    return hashlib.sha256(f"device:{account.pk}:{secret}".encode()).digest()
