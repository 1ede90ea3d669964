"""Puts simulation and forecast together with what only the site knows: the settings, and which jobs there are.

A large simulation is several worlds of a few thousand people, each in a process with a database of its own: people of one
organization meet nobody of another but the help desk, so their days can be added up, and both cores have work.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from multiprocessing import get_context
from pathlib import Path
from queue import Empty, Queue
from random import Random
from typing import Any

import django

from bailiwick.idm.simulation.policy import NAMES, Policy, changes, effective

MOST_TOGETHER = 5000
LISTEN_SECONDS = 1.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line, or one world of it."""

    application: str
    people: int
    organizations: int
    days: int
    seed: str
    start: date
    policy: Policy
    report: Path


def simulate(wish: Wish, *, is_divided: bool, say: Say) -> list[Path]:
    """Migrate the scratch database that the environment names, let the days pass, write the report; its paths.

    `is_divided`: many people may be several worlds, in copies of that SQLite file. Raises ValueError where somebody is there.
    """
    _set_up(wish)
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from bailiwick.idm.accounts.models import Account
    from bailiwick.idm.applications.queries import catalogue
    from bailiwick.idm.simulation import reporting
    from bailiwick.idm.simulation.behaviour import Behaviour
    from bailiwick.idm.simulation.counting import together

    say("preparing the scratch database")
    call_command("migrate", verbosity=0)
    if Account.objects.exists():
        raise ValueError("The scratch database is not empty: a simulation begins with nobody.")
    worlds = worlds_of(wish) if is_divided else [wish]
    if len(worlds) == 1:
        days = _days(wish, say)
    else:
        connection.close()
        days = together(_side_by_side(worlds, Path(connection.settings_dict["NAME"]), say))
    numbers = effective(settings.LIMITS, catalogue().application(wish.application).limits)
    about = reporting.About(
        title=f"{wish.days} days of {wish.people:,} people",
        run=_run(wish, len(worlds)),
        policy=[(NAMES[key][0].upper() + NAMES[key][1:], f"{days} days") for key, days in numbers.items()],
        assumptions=Behaviour().table(),
    )
    return reporting.write(wish.report, days, about)


def worlds_of(wish: Wish) -> list[Wish]:
    """The wish in parts of about equal size; how many depends on nothing but the wish."""
    count = min(-(-wish.people // MOST_TOGETHER), wish.organizations)

    def share(total: int, at: int) -> int:
        return total * (at + 1) // count - total * at // count

    return [
        replace(
            wish,
            people=share(wish.people, at),
            organizations=share(wish.organizations, at),
            seed=f"{wish.seed}.{at}",
        )
        for at in range(count)
    ]


def _side_by_side(worlds: Sequence[Wish], empty: Path, say: Say) -> list[Any]:
    """The days of each world, a process for each core at a time."""
    context = get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(os.cpu_count(), context) as pool:
        told: Queue[tuple[int, str]] = manager.Queue()
        running = []
        for at, wish in enumerate(worlds):
            database = empty.with_name(f"{empty.name}.{at}")
            shutil.copyfile(empty, database)
            running.append(pool.submit(_one_of_many, wish, database, at, told))
        last = dict.fromkeys(range(len(worlds)), "")
        while wait(running, timeout=0).not_done:
            try:
                at, line = told.get(timeout=LISTEN_SECONDS)
            except Empty:
                continue
            last[at] = line
            say(" | ".join(filter(None, last.values())))
        return [one.result() for one in running]


def _one_of_many(wish: Wish, database: Path, at: int, told: "Queue[tuple[int, str]]") -> list[Any]:
    """In a process of its own."""
    os.environ["IDM_DATABASE_URL"] = f"sqlite:///{database}"
    _set_up(wish)
    return _days(wish, lambda line: told.put((at, line)))


def _set_up(wish: Wish) -> None:
    from django.conf import settings

    django.setup()
    settings.LIMITS = wish.policy.limits(settings.LIMITS)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # What a simulation writes may be lost with the machine: nothing waits for its disk.
        command = database["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        database["OPTIONS"] = database["OPTIONS"] | {"init_command": command}


def _days(wish: Wish, say: Say) -> list[Any]:
    """One world from its first day to its last."""
    from bailiwick.idm.access.jobs import PERIODICS
    from bailiwick.idm.applications.queries import catalogue
    from bailiwick.idm.simulation import population, running

    world = population.World(catalogue().application(wish.application))
    simulation = running.Simulation(world, wish.start, wish.seed, [job.run for job in PERIODICS])
    now = running.at(wish.start - timedelta(days=1), time(12))
    draw = Random(f"{wish.seed}:people")  # noqa: S311 - fictitious people, not secrets
    begin: dict[str, Any] = {
        "people": wish.people,
        "organizations": wish.organizations,
        "behaviour": simulation.behaviour,
    }
    for progress in population.populate(world, **begin, draw=draw, now=now):
        say(progress)
    days = []
    for day in simulation.days(wish.days):
        days.append(day)
        say(f"day {day.number + 1} of {wish.days}: {day.active:,} roles active, {day.inactive:,} inactive")
    return days


def _run(wish: Wish, worlds: int) -> list[tuple[str, str]]:
    return [
        ("Application", wish.application),
        ("People who hold a role on the first day", f"{wish.people:,}"),
        ("Organizations", f"{wish.organizations:,}"),
        ("Help desks, each with its organizations", f"{worlds}"),
        ("Days", f"{wish.days:,}"),
        ("Seed", wish.seed),
    ]


def forecast(policy: Policy | None, *, names: Path | None) -> Iterator[str]:
    """What is to come on the database that the environment names, line by line; `names`: a file for who loses what."""
    django.setup()
    from django.conf import settings

    from bailiwick.ground.program import clock
    from bailiwick.idm.applications.queries import catalogue
    from bailiwick.idm.simulation import forecasting, telling
    from bailiwick.idm.simulation.reading import read_only

    now, before = clock.now(), settings.LIMITS
    limits = policy.limits(before) if policy else before
    with read_only():
        found = []
        for application in catalogue().applications:
            numbers = forecasting.numbers_of(application, before)
            outlook = forecasting.outlook(numbers, now=now)
            if not outlook.held:
                continue
            yield from telling.lines(outlook)
            if policy:
                changed = policy.application(application)
                numbers = forecasting.numbers_of(changed, limits)
                other = forecasting.outlook(numbers, now=now)
                both = (before, application), (limits, changed)
                yield "Under the policy of the file:"
                yield from telling.comparison(outlook, other, changes(*both))
            yield ""
            found.append(numbers)
        if not found:
            yield "Nobody holds a role at an organization."
        if names:
            rows = (loss for numbers in found for loss in forecasting.losses(numbers, now=now))
            yield f"{telling.write_losses(names, rows):,} roles are listed in {names}."
