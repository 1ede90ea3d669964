"""Bodies wait sealed: a one-time code must not stand readable in a database dump (N-2)."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from bailiwick.ground.vault import SealBrokenError
from bailiwick.ground.vault.sealed import Form

NONCE_BYTES = 12


def seal(text: str, *, key: str) -> bytes:
    """AES-256-GCM under the ring's `outbox` key, bound to the message's key: length of key id | key id | nonce | sealed."""
    identifier, secret = settings.KEY_RING.current("outbox")
    nonce = secrets.token_bytes(NONCE_BYTES)
    return _head(identifier) + nonce + AESGCM(secret).encrypt(nonce, text.encode(), key.encode())


def unseal(blob: bytes, *, key: str) -> str:
    """The reverse of `seal`."""
    blob = bytes(blob)
    identifier, rest = blob[1 : 1 + blob[0]].decode(), blob[1 + blob[0] :]
    secret = settings.KEY_RING.key("outbox", identifier)
    return AESGCM(secret).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], key.encode()).decode()


def _head(identifier: str) -> bytes:
    name = identifier.encode()
    return bytes([len(name)]) + name


def _opened(blob: bytes, place: str, row: str) -> bytes:
    try:
        return unseal(blob, key=row).encode()
    except InvalidTag:
        raise SealBrokenError(place) from None


# How the vault renews a waiting body when the `outbox` key changes.
FORM = Form(head=_head, opened=_opened, closed=lambda data, _place, row: seal(data.decode(), key=row))
