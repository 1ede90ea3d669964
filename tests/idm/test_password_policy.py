"""The list of leaked passwords, and hashing under load (P-2, P-3)."""

import resource
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest

from bailiwick.ground.rulings import Busy
from bailiwick.idm.signin import hashing, leaked

HASH_BYTES = 19_456 * 1024


def test_the_list_is_long_sorted_and_without_doubles():
    """100,000 entries at least. [P-2]"""
    table = leaked.FILE.read_bytes()
    rows = [table[at : at + leaked.WIDTH] for at in range(0, len(table), leaked.WIDTH)]
    assert len(rows) >= 100_000
    assert rows == sorted(set(rows))


@pytest.mark.parametrize("password", ["123456789012345", "Qwertyuiop123456", "ILOVEYOU", "princess1"])
def test_leaked_passwords_are_found_in_any_case(password: str):
    """Asked offline. [P-2]"""
    assert leaked.is_listed(password)


def test_a_password_of_a_few_random_words_is_not_listed():
    """No false yes. [P-2]"""
    assert not leaked.any_listed(["Quiet-Lantern-Meadow-7", "copper falcon harbor eight"])


def test_a_look_into_the_list_takes_no_memory():
    """The file is mapped, never read whole. [P-2]"""
    leaked.is_listed("warm up")
    tracemalloc.start()
    for number in range(200):
        leaked.is_listed(f"Some-Password-{number}")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000


def test_many_hashes_at_once_take_the_memory_of_few():
    """However many wait in line, only as many hash as there are cores; beyond the line they are turned away. [P-3]"""
    encoded = hashing.encode("Quiet-Lantern-Meadow-7")

    def look(number: int) -> str:
        try:
            with hashing.place_in_line():
                hashing.is_right(f"wrong {number}", encoded)
        except Busy:
            return "busy"
        return "looked"

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(look, range(8)))  # the allocator's first share
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with ThreadPoolExecutor(max_workers=80) as pool:
        outcomes = list(pool.map(look, range(80)))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < (hashing.AT_ONCE + 2) * HASH_BYTES
    assert outcomes.count("looked") >= hashing.WAITING_AT_MOST
