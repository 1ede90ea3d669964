"""Passwords and security answers as Argon2id of their keyed form, and a bound on how many are made at once (P-3).

Stored as `<pepper key id>$<argon2 encoded>`. A copy of the database without the pepper key cannot be tried against a
list. Every hash takes 19 MiB and some 25 ms of one core: more at once than cores would only starve everything else.
"""

import hmac
import os
import threading
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings

from bailiwick.ground.rulings import Busy

AT_ONCE = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
WAITING_AT_MOST = 24

_line = threading.Lock()
_in_line = 0


@contextmanager
def place_in_line() -> Iterator[None]:
    """Hold a place among those who may hash, before anything is written for it. Raises Busy where the line is full."""
    global _in_line  # noqa: PLW0603 - one line for the process
    with _line:
        if _in_line >= WAITING_AT_MOST:
            raise Busy
        _in_line += 1
    try:
        yield
    finally:
        with _line:
            _in_line -= 1


def encode(secret: str) -> str:
    """The text to store, with a salt of its own."""
    identifier, key = settings.KEY_RING.current("pepper")
    return f"{identifier}${_cores().submit(hasher().hash, _peppered(secret, key)).result()}"


def is_right(secret: str, encoded: str) -> bool:
    """Whether `secret` is what was encoded. An empty `encoded` costs the same and is never right."""
    identifier, _, hashed = (encoded or _nobodys(settings.KEY_RING.current("pepper")[0])).partition("$")
    key = settings.KEY_RING.key("pepper", identifier)
    try:
        matches = _cores().submit(hasher().verify, hashed, _peppered(secret, key)).result()
    except (VerificationError, InvalidHashError):
        return False
    return matches and bool(encoded)


def is_outdated(encoded: str) -> bool:
    """Whether to encode anew at the next chance: the cost or the pepper key has changed."""
    identifier, _, hashed = encoded.partition("$")
    return identifier != settings.KEY_RING.current("pepper")[0] or hasher().check_needs_rehash(hashed)


@cache
def hasher() -> PasswordHasher:
    """Argon2id at the cost of this program's settings, on one lane."""
    cost = settings.ARGON2
    return PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=1)


@cache
def _cores() -> ThreadPoolExecutor:
    """The threads that hash: one a core. The allocator keeps a hash's memory for its thread, so only these have any."""
    return ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="hashing")


def _peppered(secret: str, key: bytes) -> str:
    return hmac.digest(key, unicodedata.normalize("NFKC", secret).encode(), "sha256").hex()


@cache
def _nobodys(_pepper: str) -> str:
    """What the password of an unknown user ID is compared with, so that it costs the same; one for each pepper key."""
    return encode("nobody has this password")
