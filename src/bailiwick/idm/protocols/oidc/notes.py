"""Sealed notes that leave IDM and come back: what was written is all they say, and each has one spelling only."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from bailiwick.ground import vault
from bailiwick.ground.vault import SealBrokenError
from bailiwick.ground.vault.keyring import KeyMissingError

LONGEST = 2_000


@dataclass(frozen=True)
class Note:
    """What a note says, and the SHA-256 of its bytes, by which a note used before is recognized."""

    says: list[Any]
    digest: bytes


def write(says: list[Any], *, place: str, row: str) -> str:
    """Text for a URL or header; only `read` with the same place and row opens it."""
    blob = vault.seal(json.dumps(says, separators=(",", ":")), place=place, row=row)
    return base64.urlsafe_b64encode(blob).rstrip(b"=").decode()


def read(text: str, *, place: str, row: str) -> Note | None:
    """The note, or None where it is not exactly one that was written for this place and row."""
    if len(text) > LONGEST or not text.isascii():
        return None
    try:
        blob = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if base64.urlsafe_b64encode(blob).rstrip(b"=").decode() != text:
            return None
        says = json.loads(vault.unseal(blob, place=place, row=row))
    except (binascii.Error, ValueError, SealBrokenError, KeyMissingError):
        return None
    return Note(says, hashlib.sha256(blob).digest())
