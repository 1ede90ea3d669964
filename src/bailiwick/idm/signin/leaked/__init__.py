"""The shipped list of common and leaked passwords, asked offline and in constant memory (P-2).

`digests.bin` holds the first 6 bytes of the SHA-256 of each password in lower case, sorted. A search reads some 17 of
them from the mapped file. Where the list comes from and under which license: `SOURCES.md`.
"""

import functools
import hashlib
import mmap
from collections.abc import Iterable
from pathlib import Path

FILE = Path(__file__).with_name("digests.bin")
WIDTH = 6


def digest(password: str) -> bytes:
    return hashlib.sha256(password.lower().encode()).digest()[:WIDTH]


@functools.cache
def _mapped() -> mmap.mmap:
    with FILE.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def is_listed(password: str) -> bool:
    """Whether the password is on the list, in any case. A false yes has a chance of one in thousands of millions."""
    wanted, table = digest(password), _mapped()
    low, high = 0, len(table) // WIDTH
    while low < high:
        middle = (low + high) // 2
        found = table[middle * WIDTH : (middle + 1) * WIDTH]
        if found == wanted:
            return True
        low, high = (middle + 1, high) if found < wanted else (low, middle)
    return False


def any_listed(candidates: Iterable[str]) -> bool:
    return any(is_listed(candidate) for candidate in candidates)
