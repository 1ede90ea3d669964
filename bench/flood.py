"""More at once than can be hashed: parallel wrong guesses, a flood of sign-ins, and user-ID checks.

The hashes are bounded: memory stays flat, what waits is in line, what does not fit is turned away at once with 503 and
Retry-After. Each flood is measured beside a few at a time, in the same run.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles
from urllib.parse import urlencode

from bench.asking import Answer, Connection
from bench.figures import Table
from bench.processor import family_of, memory_mib
from bench.signin import Visit, open_page
from bench.stand import Stand

GUESSES = 500
FEW, MANY = 4, 64
FLOOD_EACH = 6
CHECKS, REGISTRATIONS = 10, 12
SERVED = {200, 302}
UNAVAILABLE = 503
WRONG = "Not-The-Password-99"


@dataclass
class Wave:
    """Answers to what was sent at once: status and milliseconds of each, and the seconds of all."""

    answers: list[tuple[int, float, str]] = field(default_factory=list)
    seconds: float = 0.0

    def times(self, *, served: bool) -> list[float]:
        return [took for status, took, _ in self.answers if (status in SERVED) is served] or [0.0]

    @property
    def served(self) -> int:
        return sum(status in SERVED for status, _, _ in self.answers)

    @property
    def without_retry_after(self) -> int:
        return sum(status == UNAVAILABLE and not retry for status, _, retry in self.answers)

    @property
    def statuses(self) -> str:
        return ", ".join(
            f"{count} of {status}" for status, count in sorted(Counter(a[0] for a in self.answers).items())
        )


def wave(stand: Stand, ask: Callable[[Connection, int], Answer], *, threads: int, each: int) -> Wave:
    """`ask` with 0, 1, 2, … in so many threads, all let go at the same moment."""
    found, gate = Wave(), threading.Barrier(threads + 1)

    def one(number: int) -> None:
        connection = Connection(stand.address)
        gate.wait()
        for turn in range(each):
            began = time.perf_counter()
            answer = ask(connection, number * each + turn)
            took = (time.perf_counter() - began) * 1000
            found.answers.append((answer.status, took, answer.header("retry-after")))
        connection.close()

    running = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in running:
        thread.join()
    found.seconds = time.perf_counter() - began
    return found


def measure(stand: Stand) -> list[Table]:
    return [_checks(stand), _guesses(stand), _flood(stand)]


def _guesses(stand: Stand) -> Table:
    [person] = stand.take_people(1)
    ask = _sign_in(stand, lambda _number: person["user_id"])
    found = wave(stand, ask, threads=GUESSES, each=1)
    right = _sign_in(stand, lambda _number: person["user_id"], person["password"])
    after = right(connection := Connection(stand.address), 0)
    connection.close()
    path = stand.ask("guessed", person["user_id"])
    table = Table(f"{GUESSES} wrong passwords for one person at once · {stand.engine}")
    table.remarks = [f"Answers: {found.statuses}; the right password afterwards: {after.status}."]
    table.add("passwords evaluated", path["evaluated"], limit=path["limit"], digits=0)
    table.add("the right one afterwards opens the second step", float(after.status == 302), limit=0, digits=0)
    table.add("unavailable without Retry-After", found.without_retry_after, limit=0, digits=0)
    table.add("answered", found.times(served=True), "ms", digits=0)
    table.add("turned away", found.times(served=False), "ms", digits=0)
    return table


def _flood(stand: Stand) -> Table:
    """User IDs that nobody has cost the same hash and lock nobody."""
    ask = _sign_in(stand, lambda number: f"nobody.{time.monotonic_ns()}.{number}")
    wave(stand, ask, threads=FEW, each=2)
    before = _memory(stand)
    few = wave(stand, ask, threads=FEW, each=FLOOD_EACH)
    many = wave(stand, ask, threads=MANY, each=FLOOD_EACH)
    grown = _memory(stand) - before
    table = Table(f"{MANY} sign-ins at once, beside {FEW} at once · {stand.engine}")
    table.remarks = [
        f"Answers: {many.statuses}. Each waits for an Argon2id hash; a wait is a place in a line of 24."
    ]
    rates = [wave.served / wave.seconds for wave in (few, many)]
    table.add(f"{FEW} at once: served", rates[0], "/s", digits=1)
    table.add(f"{MANY} at once: served", rates[1], "/s", digits=1)
    table.add("  for each of the few (rate)", rates[1] / rates[0], limit=0.8, at_least=True)
    table.add(f"{FEW} at once: answered", few.times(served=True), "ms", digits=0)
    table.add(f"{MANY} at once: answered", many.times(served=True), "ms", digits=0)
    table.add("  the slowest hundredth", quantiles(many.times(served=True) * 2, n=100)[98], "ms", digits=0)
    table.add("turned away at once, median", median(many.times(served=False)), "ms", digits=0)
    table.add("unavailable without Retry-After", many.without_retry_after, limit=0, digits=0)
    table.add("memory more than before the flood (PSS)", grown, "MiB", limit=24, digits=1)
    return table


def _checks(stand: Stand) -> Table:
    """Ten for each registration that has come to its third step (R-3); free and taken names in turn."""
    taken = stand.people[0]["user_id"]
    visits = [_third_step(stand, number) for number in range(REGISTRATIONS)]
    times: dict[bool, list[float]] = {True: [], False: []}
    costs, connection = [], Connection(stand.address)
    for visit in visits:
        before = sum(stand.processor_seconds())
        for turn in range(CHECKS):
            name = taken if turn % 2 else f"free.{time.monotonic_ns()}"
            began = time.perf_counter()
            answer = connection.post(
                "/register/user-id/", urlencode(visit.hidden | {"user_id": name}), visit.jar
            )
            times[bool(turn % 2)].append((time.perf_counter() - began) * 1000)
            assert answer.status == 200, answer.head
        costs.append((sum(stand.processor_seconds()) - before) / CHECKS * 1000)
    connection.close()
    table = Table(f"Is this user ID free? While typing, ten a registration · {stand.engine}")
    table.add("a free one", times[False], "ms", digits=1)
    table.add("a taken one", times[True], "ms", digits=1)
    table.add("processor time of a check", costs, "ms", digits=1)
    return table


def _third_step(stand: Stand, number: int) -> Visit:
    visit, connection = Visit({}), Connection(stand.address)
    mailbox = f"checking{number}@practice.example"
    steps = {
        "/register/": {
            "first_name": "Robin", "last_name": "Checking", "birth_date_month": "4", "birth_date_day": "5",
            "birth_date_year": "1979", "ssn": f"90066{number:04}", "email": mailbox, "email_again": mailbox, "terms": "on",
        },
        "/register/contact/": {
            "in_us": "yes", "line_1": "12 Larkspur Lane", "city": "Orlando", "state": "FL", "zip": "32801",
            "phone": "2025550101", "text_capable": "no",
        },
    }  # fmt: skip
    for path, typed in steps.items():
        visit.page(connection.get(path, visit.jar))
        answer = connection.post(path, urlencode(visit.hidden | typed), visit.jar)
        assert answer.status == 302, f"{path} {answer.status} {answer.body[:3000]!r}"
        answer.take_cookies(visit.jar)
    visit.page(connection.get("/register/password/", visit.jar))
    connection.close()
    return visit


def _sign_in(
    stand: Stand, user_id: Callable[[int], str], password: str = WRONG
) -> Callable[[Connection, int], Answer]:
    visit, connection = Visit({}), Connection(stand.address)
    open_page(connection, visit)
    connection.close()

    def ask(connection: Connection, number: int) -> Answer:
        form = visit.hidden | {"user_id": user_id(number), "password": password, "terms": "on"}
        return connection.post("/", urlencode(form), visit.jar)

    return ask


def _memory(stand: Stand) -> float:
    return sum(memory_mib(process)[0] for process in family_of(stand.programs.process_id("idm")))
