"""What the presence of many accounts costs each page: BENCH_ACCOUNTS (default 100,000) beside 1,000, the same pages.

Asked one at a time over one connection, so that nothing but the page is measured. The ratio with a limit is of
processor time, server and database together: other work on the machine would drown it on the wall. The people who ask
are the same before and after. Every account of the crowd has a role, a place and a password.
"""

import itertools
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

import pyotp

from bench.asking import Answer, Connection
from bench.figures import Table
from bench.signin import Visit, give_password, open_page, open_second_page
from bench.stand import Stand

FEW, MANY = 1_000, int(os.environ.get("BENCH_ACCOUNTS", "100000"))
# Before and after together no more than one address may ask in an hour (numbers).
TURNS, TURNS_OF_FEW = 15, 7
RATIONED = ("POST /forgot", "organization search")
TOTP_STEP_SECONDS = 30
SEARCH = "/role-request/organization/search/"
Ask = Callable[[Connection, Visit], Answer]


@dataclass(frozen=True)
class Asked:
    """The last status; milliseconds on the wall (median), and of server and database together (mean)."""

    status: int
    wall: float
    cost: float


def page(path: str) -> Ask:
    return lambda connection, visit: connection.get(path, visit.jar)


def sent(path: str, **typed: str) -> Ask:
    """A form; the token of any page of this browser is good for all. `{turn}` in it is another number each time."""
    turns = itertools.count(1)

    def ask(connection: Connection, visit: Visit) -> Answer:
        turn = next(turns)
        form = {name: value.format(turn=turn) for name, value in typed.items()}
        return connection.post(path, urlencode(visit.hidden | form), visit.jar)

    return ask


NOBODY: dict[str, Ask] = {
    "GET /": page("/"),
    "POST / (unknown user ID)": sent(
        "/", user_id="nobody.at.all.{turn}", password="Not-The-Password-99", terms="on"
    ),
    "POST / (of the crowd, wrong)": sent(
        "/", user_id="crowd.{turn}", password="Not-The-Password-99", terms="on"
    ),
    "GET /register/": page("/register/"),
    "POST /forgot-password/": sent("/forgot-password/", user_id="crowd.{turn}"),
    "POST /forgot-user-id/": sent(
        "/forgot-user-id/",
        first="Robin",
        last="Crowd{turn}",
        birth_date_month="1",
        birth_date_day="2",
        birth_date_year="1980",
        email="crowd{turn}@practice.example",
        zip_code="31070",
    ),
}
HOLDER: dict[str, Ask] = {
    name: page(name)
    for name in ("/home/", "/profile/", "/profile/mfa/", "/profile/sessions/", "/profile/inbox/", "/roles/")
} | {
    "organization search": sent(SEARCH, name="crowd practice 100{turn}", city="Orlando"),
    "organization search, misspelled": sent(SEARCH, name="mesured famly"),
}
APPROVER: dict[str, Ask] = {
    "approver: /manage-users/": page("/manage-users/"),
    "approver: search": sent("/manage-users/", text="stone"),
    "approver: invitations": page("/manage-users/invitations/"),
}
DESK: dict[str, Ask] = {
    "desk: /manage-users/": page("/manage-users/"),
    "desk: search, user ID": sent("/manage-users/", text="crowd.79"),
    "desk: search, name": sent("/manage-users/", text="Robin Crowd70"),
    "desk: search, nobody": sent("/manage-users/", text="zzyzx"),
    "desk: duplicates": page("/manage-users/duplicates/"),
    "desk: proofing queue": page("/manage-users/proofing/"),
}


def measure(stand: Stand) -> Table:
    """The crowd stays: call it last."""
    visitors = _visitors(stand)
    few_seconds = stand.ask("crowd", str(FEW))["seconds"]
    before = _medians(stand, visitors)
    many_seconds = stand.ask("crowd", str(MANY - FEW))["seconds"]
    after = _medians(stand, visitors)
    table = Table(f"Pages with {MANY:,} accounts present, beside {FEW:,} · {stand.engine}")
    table.remarks = [
        "The crowd has random digests, one password hash for all, a role and an organization each (bench/crowd.py).",
        f"Made in {few_seconds + many_seconds:.0f} s, by the database itself.",
    ]
    for name, asked in after.items():
        table.add(f"{name} ({asked.status}): processor", asked.cost, "ms", digits=1)
        table.add("  for each with few", asked.cost / before[name].cost, limit=2.0)
        table.add("  the same on the wall", asked.wall / before[name].wall)
    return table


def _visitors(stand: Stand) -> list[tuple[Visit, dict[str, Ask]]]:
    known = json.loads(stand.programs.world.people_file.with_suffix(".json").read_text())["people"]
    nobody, connection = Visit({}), Connection(stand.address)
    open_page(connection, nobody)
    connection.close()
    asked = [(nobody, NOBODY), (_signed_in(stand, stand.take_people(1)[0]), HOLDER)]
    for user_id, pages in (("ana.ruiz", APPROVER), ("thea.trent", DESK)):
        asked.append((_signed_in(stand, {"user_id": user_id, **known[user_id]}), pages))
    return asked


def _signed_in(stand: Stand, person: dict[str, str]) -> Visit:
    """Signed in with the number of the next half minute: this one may be used up, by the making of the world."""
    visit, connection = Visit(person), Connection(stand.address)
    open_page(connection, visit)
    give_password(connection, visit)
    open_second_page(connection, visit)
    number = pyotp.TOTP(person["authenticator"]).at(int(time.time()) + TOTP_STEP_SECONDS)
    form = {"factor": "totp", "code": number}
    visit.redirect(connection.post("/sign-in/verify/", urlencode(visit.hidden | form), visit.jar), "/home/")
    visit.page(connection.get("/profile/edit/", visit.jar))
    for path, typed in (
        ("/role-request/application/", {"application": "spot"}),
        ("/role-request/role/", {"role": "end-user"}),
    ):
        connection.post(path, urlencode(visit.hidden | typed), visit.jar)
    connection.close()
    return visit


def _medians(stand: Stand, visitors: list[tuple[Visit, dict[str, Ask]]]) -> dict[str, Asked]:
    """Each page asked for again and again, by name."""
    found, connection = {}, Connection(stand.address)
    for visit, pages in visitors:
        for name, ask in pages.items():
            ask(connection, visit)
            times, before = [], sum(stand.processor_seconds())
            turns = TURNS_OF_FEW if name.startswith(RATIONED) else TURNS
            for _ in range(turns):
                began = time.perf_counter()
                answer = ask(connection, visit)
                times.append((time.perf_counter() - began) * 1000)
            cost = (sum(stand.processor_seconds()) - before) / turns * 1000
            assert answer.status < 500, (name, answer.head)
            found[name] = Asked(answer.status, median(times), cost)
    connection.close()
    return found
