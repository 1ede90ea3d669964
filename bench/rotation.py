"""The PII key changed over BENCH_VALUES values (default 6,000) while people sign in; and an SSN's digest."""

import os
import threading
import time
from typing import Any

from bench.asking import Connection
from bench.figures import Table
from bench.signin import STEPS, Visit
from bench.stand import Stand

VALUES = int(os.environ.get("BENCH_VALUES", "6000"))
PEOPLE = 30
PAUSE_SECONDS = 0.25


def measure(stand: Stand) -> Table:
    """Sign-ins go on, one after the other, from before the first value is made anew until after the last."""
    found: dict[str, Any] = {}
    failures: list[str] = []
    rotation = threading.Thread(target=lambda: found.update(stand.ask("vaulting", str(VALUES))))
    people, done = stand.take_people(PEOPLE), 0
    rotation.start()
    connection = Connection(stand.address)
    while rotation.is_alive():
        try:
            done += _sign_in(connection, people)
        except (AssertionError, OSError) as error:
            failures.append(str(error)[:200])
            connection = Connection(stand.address)
        time.sleep(PAUSE_SECONDS)
    rotation.join()
    if not found:
        raise RuntimeError("the change of the key failed: see above")
    return _table(stand, found, done, failures)


def _sign_in(connection: Connection, people: list[dict[str, str]]) -> int:
    """One whole sign-in while there is somebody whose number is unused; then the password page, which is always there."""
    visit = Visit(people.pop() if people else {})
    if not visit.person:
        STEPS["GET /"](connection, visit)
        return 0
    for step in STEPS.values():
        step(connection, visit)
    return 1


def _table(stand: Stand, found: dict[str, Any], done: int, failures: list[str]) -> Table:
    table = Table(f"Sealed values and digests · {stand.engine}")
    table.remarks = [
        f"{found['values']:,} sealed values made anew under a new PII key by a process beside the server, on the asking core;",
        "the limit is opening and sealing the same values in memory, by that process, before.",
        *failures[:3],
    ]
    table.add("sealed anew in memory", found["bare"], "/s", digits=0)
    table.add("sealed anew in the database", found["rotated"], "/s", digits=0)
    table.add("of what memory allows", found["rotated"] / found["bare"], limit=0.05, at_least=True)
    table.add("values left, or not to be opened", found["left"] + found["broken"], limit=0, digits=0)
    table.add("whole sign-ins meanwhile", done, digits=0)
    table.add("of them with an error", len(failures), limit=0, digits=0)
    table.add("bare stretch of an SSN", found["stretch"], "ms")
    table.add("its digest and identity, stored", found["digest"], "ms")
    ratios = [digest / stretch for digest, stretch in zip(found["digest"], found["stretch"], strict=True)]
    table.add("digest for each bare stretch", ratios, limit=1.6)
    table.add("opening the account with it", found["opened"], "ms")
    return table
