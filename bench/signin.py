"""A full sign-in, as a browser does it, beside bare Argon2id hashes with the same parameters on the same core."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pyotp

from bailiwick.idm.signin.hashing import hasher
from bench.asking import Answer, Connection, share
from bench.figures import Table
from bench.processor import on_core
from bench.stand import Stand

BARE_SECONDS = 1.5
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
ONCE = re.compile(rb'name="once" value="([^"]+)"')


@dataclass
class Visit:
    """One browser of one person, between requests."""

    person: dict[str, str]
    jar: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)

    def page(self, answer: Answer) -> None:
        assert answer.status == 200, answer.head
        answer.take_cookies(self.jar)
        self.hidden = {"csrfmiddlewaretoken": TOKEN.search(answer.body).group(1).decode()}
        if once := ONCE.search(answer.body):
            self.hidden["once"] = once.group(1).decode()

    def redirect(self, answer: Answer, to: str) -> None:
        assert answer.status == 302, f"{answer.status} {answer.body[:2000]!r}"
        assert answer.header("location") == to, answer.header("location")
        answer.take_cookies(self.jar)


def open_page(connection: Connection, visit: Visit) -> None:
    visit.page(connection.get("/", visit.jar))


def give_password(connection: Connection, visit: Visit) -> None:
    form = {"user_id": visit.person["user_id"], "password": visit.person["password"], "terms": "on"}
    answer = connection.post("/", urlencode(visit.hidden | form), visit.jar)
    visit.redirect(answer, "/sign-in/verify/")


def open_second_page(connection: Connection, visit: Visit) -> None:
    visit.page(connection.get("/sign-in/verify/", visit.jar))


def give_number(connection: Connection, visit: Visit) -> None:
    form = {"factor": "totp", "code": pyotp.TOTP(visit.person["authenticator"]).now()}
    answer = connection.post("/sign-in/verify/", urlencode(visit.hidden | form), visit.jar)
    visit.redirect(answer, "/home/")


STEPS: dict[str, Callable[[Connection, Visit], None]] = {
    "GET /": open_page,
    "POST / (password)": give_password,
    "GET /sign-in/verify/": open_second_page,
    "POST /sign-in/verify/ (TOTP)": give_number,
}


@dataclass
class Round:
    """Rates a second; processor milliseconds a hash and a request of each step, server and database together."""

    bare_rate: float
    bare_cost: float
    rate: float
    costs: dict[str, float]

    @property
    def cost(self) -> float:
        return sum(self.costs.values())


def measure(stand: Stand, *, rounds: int, people: int) -> Table:
    """The table; whoever signed in stays in `stand.signed_in` for what is measured next."""
    _round(stand, 6)  # connections, templates and prepared statements are there before the clock runs
    found = [_round(stand, people) for _ in range(rounds)]
    table = Table(f"Sign-in with password and TOTP · {stand.engine}")
    table.remarks = [
        "Four requests a sign-in: both pages, both forms. ms: processor time of server and database."
    ]
    table.add("bare Argon2id hashes", [one.bare_rate for one in found], "/s", digits=1)
    table.add("full sign-ins", [one.rate for one in found], "/s", digits=1)
    table.add(
        "sign-ins for each bare hash (rate)",
        [one.rate / one.bare_rate for one in found],
        limit=0.70,
        at_least=True,
    )
    table.add(
        "  the same by processor time",
        [one.bare_cost / one.cost for one in found],
        limit=0.70,
        at_least=True,
    )
    three = [one.bare_cost / (one.cost - one.costs["GET /sign-in/verify/"]) for one in found]
    table.add("  by processor time, without the second form's page", three)
    table.add("a bare hash", [one.bare_cost for one in found], "ms")
    table.add("overhead of a sign-in without its hash", [one.cost - one.bare_cost for one in found], "ms")
    for name in STEPS:
        less = 1 if "password" in name else 0
        table.add(
            f"  {name}{', without its hash' * less}",
            [one.costs[name] - less * one.bare_cost for one in found],
            "ms",
        )
    return table


def _round(stand: Stand, people: int) -> Round:
    bare_rate, bare_cost = bare_hash(stand)
    visits = [Visit(person) for person in stand.take_people(people)]
    seconds, costs = 0.0, {}
    for name, step in STEPS.items():
        before = stand.processor_seconds()
        seconds += share(step, visits, address=stand.address)
        costs[name] = (sum(stand.processor_seconds()) - sum(before)) / people * 1000
    stand.signed_in += [visit.jar for visit in visits]
    return Round(bare_rate, bare_cost, people / seconds, costs)


def bare_hash(stand: Stand) -> tuple[float, float]:
    """(hashes a second, processor milliseconds a hash) in this thread, moved to the measured core."""
    encoded = hasher().hash("0" * 64)
    with on_core(stand.cores.measured):
        count, began, used = 0, time.perf_counter(), time.thread_time()
        while time.perf_counter() - began < BARE_SECONDS:
            hasher().verify(encoded, "0" * 64)
            count += 1
        wall, used = time.perf_counter() - began, time.thread_time() - used
    return count / wall, used / count * 1000
