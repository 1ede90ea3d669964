"""Bodies wait sealed: a one-time code must not stand readable in a database dump (N-2)."""

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


def seal(text: str, *, key: str) -> bytes:
    """AES-256-GCM under the ring's `outbox` key, bound to the message's key: length of key id | key id | nonce | sealed."""
    identifier, secret = settings.KEY_RING.current("outbox")
    nonce = secrets.token_bytes(NONCE_BYTES)
    name = identifier.encode()
    return bytes([len(name)]) + name + nonce + AESGCM(secret).encrypt(nonce, text.encode(), key.encode())


def unseal(blob: bytes, *, key: str) -> str:
    """The reverse of `seal`."""
    blob = bytes(blob)
    identifier, rest = blob[1 : 1 + blob[0]].decode(), blob[1 + blob[0] :]
    secret = settings.KEY_RING.key("outbox", identifier)
    return AESGCM(secret).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], key.encode()).decode()
