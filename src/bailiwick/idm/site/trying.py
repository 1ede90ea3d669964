"""Puts simulation and forecast together with what only the site knows: the settings, and which jobs there are.

A large simulation is several worlds of a few thousand people, each in a process with a database of its own: people of one
organization meet nobody of another but the help desk, so their days can be added up, and both cores have work.
"""

import os
import shutil
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from multiprocessing import get_context
from pathlib import Path
from queue import Empty, Queue
from random import Random
from typing import TYPE_CHECKING, Any

import django

from bailiwick.ground.program.databases import databases
from bailiwick.idm.simulation.policy import NAMES, Policy, changes, effective

if TYPE_CHECKING:
    from bailiwick.idm.simulation.copying import Original

MOST_TOGETHER = 5000
ORIGINAL = "original"
LISTEN_SECONDS = 1.0
Say = Callable[[str], None]


@dataclass(frozen=True)
class Wish:
    """What was asked for on the command line, or one world of it.

    `like`: the URL of a database whose people and organizations are to be followed; their numbers are those there.
    """

    application: str
    people: int
    organizations: int
    days: int
    seed: str
    start: date
    policy: Policy
    report: Path
    like: str = ""


def simulate(wish: Wish, *, is_divided: bool, say: Say) -> list[Path]:
    """Migrate the scratch database that the environment names, let the days pass, write the report; its paths.

    `is_divided`: many people may be several worlds, in copies of that SQLite file. Raises ValueError where somebody is
    there, and where nobody is in the database that is to be followed.
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

    original = _original(wish) if wish.like else None
    if original:
        wish = replace(wish, people=len(original.are_active), organizations=len(original.places))
    say("preparing the scratch database")
    call_command("migrate", verbosity=0)
    if Account.objects.exists():
        raise ValueError("The scratch database is not empty: a simulation begins with nobody.")
    worlds = worlds_of(wish) if is_divided and not original else [wish]
    if len(worlds) == 1:
        days = _days(wish, say, original)
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


def _original(wish: Wish) -> "Original":
    """What there is in the database that is to be followed. Raises ValueError where nobody holds a role there."""
    from django.db import DatabaseError

    from bailiwick.idm.applications.queries import catalogue
    from bailiwick.idm.simulation import copying, running

    now = running.at(wish.start - timedelta(days=1), time(12))
    try:
        found = copying.read(catalogue().application(wish.application), using=ORIGINAL, now=now)
    except DatabaseError as error:
        raise ValueError(f"The database to follow cannot be read: {error}") from error
    if not found.roles:
        raise ValueError("In the database to follow nobody holds a role at an organization on that day.")
    return found


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
    """The days of each world, a process for each core at a time. Whatever stops this one stops them at their next word."""
    context = get_context("spawn")
    pool = ProcessPoolExecutor(os.cpu_count(), context, initializer=_leave_to_the_first)
    with context.Manager() as manager, pool:
        told: Queue[tuple[int, str]] = manager.Queue()
        # A file: whatever goes over a connection may have been cut off in the middle by what stops this process.
        stopping = empty.with_name("stopping")
        running = []
        try:
            for at, wish in enumerate(worlds):
                database = empty.with_name(f"{empty.name}.{at}")
                shutil.copyfile(empty, database)
                running.append(pool.submit(_one_of_many, wish, database, at, told, stopping))
            _listen(running, told, len(worlds), say)
            return [one.result() for one in running]
        except BaseException:  # Ctrl-C, too
            stopping.touch()
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _listen(
    running: "Sequence[Future[list[Any]]]", told: "Queue[tuple[int, str]]", worlds: int, say: Say
) -> None:
    """Say how far all are, until all are done or one has failed."""
    last = dict.fromkeys(range(worlds), "")
    while wait(running, timeout=0, return_when=FIRST_EXCEPTION).not_done:
        if any(one.done() and one.exception() for one in running):
            return
        try:
            at, line = told.get(timeout=LISTEN_SECONDS)
        except Empty:
            continue
        last[at] = line
        say(" | ".join(filter(None, last.values())))


class _StoppedError(Exception):
    """Nobody waits for this world any more."""


def _leave_to_the_first() -> None:
    """A terminal tells Ctrl-C to every process; the first one stops the others in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _one_of_many(
    wish: Wish, database: Path, at: int, told: "Queue[tuple[int, str]]", stopping: Path
) -> list[Any]:
    """In a process of its own."""

    def tell(line: str) -> None:
        if stopping.exists():
            raise _StoppedError
        told.put((at, line))

    os.environ["IDM_DATABASE_URL"] = f"sqlite:///{database}"
    _set_up(wish)
    return _days(wish, tell)


def _set_up(wish: Wish) -> None:
    from django.conf import settings

    if wish.like:
        settings.DATABASES[ORIGINAL] = databases(wish.like)["default"]
    django.setup()
    settings.LIMITS = wish.policy.limits(settings.LIMITS)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # What a simulation writes may be lost with the machine: nothing waits for its disk.
        command = database["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        database["OPTIONS"] = database["OPTIONS"] | {"init_command": command}


def _days(wish: Wish, say: Say, original: "Original | None" = None) -> list[Any]:
    """One world from its first day to its last."""
    from bailiwick.idm.access.jobs import PERIODICS
    from bailiwick.idm.applications.queries import catalogue
    from bailiwick.idm.simulation import copying, population, running

    world = population.World(catalogue().application(wish.application))
    simulation = running.Simulation(world, wish.start, wish.seed, [job.run for job in PERIODICS])
    now = running.at(wish.start - timedelta(days=1), time(12))
    draw = Random(f"{wish.seed}:people")  # noqa: S311 - fictitious people, not secrets
    given: dict[str, Any] = {"behaviour": simulation.behaviour, "draw": draw, "now": now}
    if original:
        made = copying.settle(world, original, **given)
    else:
        made = population.populate(world, people=wish.people, organizations=wish.organizations, **given)
    for progress in made:
        say(progress)
    days = []
    for day in simulation.days(wish.days):
        days.append(day)
        say(f"day {day.number + 1} of {wish.days}: {day.active:,} roles active, {day.inactive:,} inactive")
    return days


def _run(wish: Wish, worlds: int) -> list[tuple[str, str]]:
    return [
        ("Application", wish.application),
        ("Population", "like that of a database on the day before" if wish.like else "invented"),
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
            yield application.name
            yield from telling.lines(outlook)
            if policy:
                changed = policy.application(application)
                numbers = forecasting.numbers_of(changed, limits)
                other = forecasting.outlook(numbers, now=now)
                both = (before, application), (limits, changed)
                yield ""
                yield f"{application.short_name} under the policy of the file:"
                yield from telling.comparison(outlook, other, changes(*both))
            yield ""
            found.append(numbers)
        if not found:
            yield "Nobody holds a role at an organization."
        if names:
            rows = (loss for numbers in found for loss in forecasting.losses(numbers, now=now))
            under = ", under the policy of the file" if policy else ""
            listed = telling.write_losses(names, rows)
            yield f"{names} lists who loses a role within {forecasting.HORIZONS[-1]} days{under}: {listed:,} roles."
