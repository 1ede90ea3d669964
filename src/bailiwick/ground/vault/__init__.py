"""Sealing of fields and keyed digests. The format of a sealed value and test vectors: docs/vault.md.

A sealed value is bound to its place ("app.table.column") and row: moved elsewhere it does not open.
"""

import hashlib
import hmac
import secrets

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = 1
NONCE_BYTES = 12
ARGON2_MEMORY_KIB = 19_456
ARGON2_PASSES = 2


class SealBrokenError(Exception):
    """The value was not sealed by this ring for this place and row, or was changed since."""


def seal(text: str, *, place: str, row: str) -> bytes:
    """AES-256-GCM: version (1) | length of key id (1) | key id | nonce (12) | ciphertext and tag."""
    identifier, key = settings.KEY_RING.current("pii")
    nonce = secrets.token_bytes(NONCE_BYTES)
    name = identifier.encode()
    head = bytes([VERSION, len(name)]) + name
    return head + nonce + AESGCM(key).encrypt(nonce, text.encode(), _bound(place, row))


def unseal(blob: bytes, *, place: str, row: str) -> str:
    """The text that was sealed. Raises SealBrokenError for any other place, row, key or changed bytes."""
    blob = bytes(blob)
    length = blob[1] if len(blob) > 1 else 0
    if len(blob) < 2 + length + NONCE_BYTES or blob[0] != VERSION:
        raise SealBrokenError(place)
    key = settings.KEY_RING.key("pii", blob[2 : 2 + length].decode())
    nonce, sealed = blob[2 + length :][:NONCE_BYTES], blob[2 + length + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, _bound(place, row)).decode()
    except InvalidTag:
        raise SealBrokenError(place) from None


def digest(text: str, *, purpose: str) -> bytes:
    """HMAC-SHA-256 under the digest key; 32 bytes. For matching values that are not guessable from a short list."""
    return hmac.digest(settings.KEY_RING.current("digest")[1], f"{purpose}\x1f{text}".encode(), "sha256")


def stretched_digest(text: str, *, purpose: str = "ssn") -> bytes:
    """HMAC(key, Argon2id(text)); 32 bytes, about 30 ms. For an SSN: only a thousand million exist (A-2)."""
    key = settings.KEY_RING.current("ssn")[1]
    salt = hmac.digest(key, f"salt\x1f{purpose}".encode(), hashlib.sha256)[:16]
    stretched = hash_secret_raw(text.encode(), salt, ARGON2_PASSES, ARGON2_MEMORY_KIB, 1, 32, Type.ID)
    return hmac.digest(key, purpose.encode() + b"\x1f" + stretched, "sha256")


def _bound(place: str, row: str) -> bytes:
    return f"{place}|{row}|v{VERSION}".encode()
