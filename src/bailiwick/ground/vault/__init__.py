"""Sealing of fields and keyed digests. The formats, with test vectors: docs/vault.md.

A sealed value is bound to its place ("app.table.column") and row: moved elsewhere it does not open. Sealed values and
digests name the key they were made with, so that keys change while everything goes on (docs/decisions/0070-key-rotation.md).
"""

import hashlib
import hmac
import secrets

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from bailiwick.ground.vault import sealed
from bailiwick.ground.vault.keyring import FIRST

__all__ = [
    "SealBrokenError",
    "digest",
    "digest_like",
    "digests",
    "is_digest",
    "seal",
    "seal_bytes",
    "sealed",
    "stretched_digest",
    "stretched_digests",
    "unseal",
    "unseal_bytes",
]

VERSION = 1
NONCE_BYTES = 12
DIGEST_BYTES = 32
MARK_BYTES = 8


class SealBrokenError(Exception):
    """The value was not sealed by this ring for this place and row, or was changed since."""


def seal(text: str, *, place: str, row: str) -> bytes:
    """A text, sealed as `seal_bytes` does."""
    return seal_bytes(text.encode(), place=place, row=row)


def unseal(blob: bytes, *, place: str, row: str) -> str:
    """The text that was sealed. Raises SealBrokenError for any other place, row, key or changed bytes."""
    return unseal_bytes(blob, place=place, row=row).decode()


def seal_bytes(data: bytes, *, place: str, row: str) -> bytes:
    """AES-256-GCM: version (1) | length of key id (1) | key id | nonce (12) | ciphertext and tag."""
    identifier, key = settings.KEY_RING.current("pii")
    nonce = secrets.token_bytes(NONCE_BYTES)
    return head(identifier) + nonce + AESGCM(key).encrypt(nonce, data, _bound(place, row))


def unseal_bytes(blob: bytes, *, place: str, row: str) -> bytes:
    """The bytes that were sealed.

    Raises SealBrokenError for any other place, row or changed bytes; KeyMissingError where the ring lacks its key.
    """
    blob = bytes(blob)
    length = blob[1] if len(blob) > 1 else 0
    if len(blob) < 2 + length + NONCE_BYTES or blob[0] != VERSION:
        raise SealBrokenError(place)
    key = settings.KEY_RING.key("pii", blob[2 : 2 + length].decode("ascii", "replace"))
    nonce, ciphertext = blob[2 + length :][:NONCE_BYTES], blob[2 + length + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, _bound(place, row))
    except InvalidTag:
        raise SealBrokenError(place) from None


def head(identifier: str) -> bytes:
    """How every value begins that was sealed with the `pii` key of that id."""
    name = identifier.encode()
    return bytes([VERSION, len(name)]) + name


def digest(text: str, *, purpose: str) -> bytes:
    """HMAC-SHA-256 under the digest key; 32 bytes. For matching values that are not guessable from a short list."""
    return _plain(*settings.KEY_RING.current("digest"), text, purpose)


def digests(text: str, *, purpose: str) -> list[bytes]:
    """The digest under every key of the ring, the current one first: what to look rows up by."""
    return [
        _plain(identifier, key, text, purpose) for identifier, key in settings.KEY_RING.all("digest").items()
    ]


def digest_like(like: bytes, text: str, *, purpose: str) -> bytes:
    """The digest under the key that another one was made with: what belongs together is made anew together."""
    identifier = key_of_digest(like, "digest")
    return _plain(identifier, settings.KEY_RING.key("digest", identifier), text, purpose)


def is_digest(stored: bytes, text: str, *, purpose: str) -> bool:
    """Whether `stored` is the text's digest under whichever key; in constant time for each."""
    return sum(hmac.compare_digest(bytes(stored), one) for one in digests(text, purpose=purpose)) > 0


def stretched_digest(text: str, *, purpose: str = "ssn") -> bytes:
    """HMAC(key, Argon2id(text)); 32 bytes, about 30 ms. For an SSN: only a thousand million exist (A-2)."""
    return _stretched(*settings.KEY_RING.current("ssn"), text, purpose)


def stretched_digests(text: str, *, purpose: str = "ssn", known: bytes = b"") -> list[bytes]:
    """The stretched digest under every key of the ring, the current one first.

    `known`: one that was made of the text before, which is not made again. While no key is being changed, that is all.
    """
    keys = settings.KEY_RING.all("ssn")
    mine = key_of_digest(known, "ssn") if known else ""
    return [
        bytes(known) if identifier == mine else _stretched(identifier, key, text, purpose)
        for identifier, key in keys.items()
    ]


def mark(name: str, identifier: str) -> bytes:
    """How every digest begins that was made with that key: 8 bytes; nothing for a ring's first key."""
    return (
        b""
        if identifier == FIRST
        else hashlib.sha256(f"{name}\x1f{identifier}".encode()).digest()[:MARK_BYTES]
    )


def key_of_digest(stored: bytes, name: str) -> str:
    """The id of the ring's key that a digest names; a ring's first key where it names none."""
    marks = {identifier: mark(name, identifier) for identifier in settings.KEY_RING.all(name)}
    named = [
        identifier for identifier, begins in marks.items() if begins and bytes(stored).startswith(begins)
    ]
    return named[0] if named else FIRST


def _plain(identifier: str, key: bytes, text: str, purpose: str) -> bytes:
    made = hmac.digest(key, f"{purpose}\x1f{text}".encode(), "sha256")
    return (mark("digest", identifier) + made)[:DIGEST_BYTES]


def _stretched(identifier: str, key: bytes, text: str, purpose: str) -> bytes:
    salt = hmac.digest(key, f"salt\x1f{purpose}".encode(), hashlib.sha256)[:16]
    cost = settings.ARGON2
    stretched = hash_secret_raw(text.encode(), salt, cost.passes, cost.memory_kib, 1, 32, Type.ID)
    made = hmac.digest(key, purpose.encode() + b"\x1f" + stretched, "sha256")
    return (mark("ssn", identifier) + made)[:DIGEST_BYTES]


def _bound(place: str, row: str) -> bytes:
    return f"{place}|{row}|v{VERSION}".encode()
