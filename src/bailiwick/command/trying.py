"""`bailiwick simulate` and `bailiwick forecast`: a year of fictitious people, and what is to come for the real ones.

A simulation never meets a real database: it gets one of its own, and an environment from which IDM's settings are taken out.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from bailiwick.command.applications import directory, mistakes_in
from bailiwick.command.programs import PROGRAMS
from bailiwick.ground.program import clock
from bailiwick.idm.applications.loader import load
from bailiwick.idm.simulation.policy import Policy, PolicyError, read

# A Monday: the same seed gives the same report on whatever day it is asked for.
FIRST_DAY = date(2026, 1, 5)
PEOPLE, PEOPLE_A_PLACE = 1000, 20
KEPT = ("IDM_TIME_ZONE", "IDM_APPLICATION_VALUES", "IDM_POLICY_PROFILE")
SECONDS_BETWEEN_LINES = 5


def add_simulation(parser: argparse.ArgumentParser) -> None:
    """The options of `bailiwick simulate`."""
    parser.add_argument("--people", type=_from_one, help=f"how many hold a role (default {PEOPLE})")
    parser.add_argument(
        "--organizations",
        type=_from_one,
        help=f"how many organizations (default one for {PEOPLE_A_PLACE} people)",
    )
    parser.add_argument(
        "--like",
        default="",
        metavar="URL",
        help="instead: as many people and organizations as in this database, with their roles and dates; it is only read",
    )
    parser.add_argument("--days", type=_from_one, default=365, help="how many days pass (default 365)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same report (default 1)")
    parser.add_argument(
        "--from",
        dest="start",
        type=date.fromisoformat,
        help=f"first day (default {FIRST_DAY}; with --like tomorrow)",
    )
    parser.add_argument("--application", default="spot", help="whose roles (default spot)")
    parser.add_argument("--policy", type=Path, help="a file of numbers to try (docs/simulation.md)")
    parser.add_argument(
        "--report",
        type=Path,
        default=Path("var/simulation"),
        help="where the report goes (default var/simulation)",
    )
    parser.add_argument(
        "--database",
        default="",
        help="URL of an empty scratch database (default: a SQLite file that is removed)",
    )
    parser.set_defaults(act=simulate)


def add_forecast(parser: argparse.ArgumentParser) -> None:
    """The options of `bailiwick forecast`."""
    parser.add_argument("--policy", type=Path, help="a file of numbers: what would change by them")
    parser.add_argument("--csv", type=Path, help="write there who would lose what, a line a role")
    parser.set_defaults(act=forecast)


def _from_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


class _Stopped(BaseException):
    """Somebody asked for the end; the scratch directory goes on the way out.

    No KeyboardInterrupt: where one leaves an `exec` (every dataclass that is being made), CPython ends the process by a signal
    later on, even though it was caught.
    """


def _stop(_number: int, _frame: object) -> NoReturn:
    raise _Stopped


def simulate(options: argparse.Namespace) -> int:
    """0 and where the report is; 1 and why not."""
    people = options.people or PEOPLE
    organizations = options.organizations or max(1, people // PEOPLE_A_PLACE)
    if why_not := _why_not(options, people, organizations):
        print(why_not, file=sys.stderr)
        return 1
    policy = _policy(options.policy)
    if policy is None:
        return 1
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    try:
        with _scratch(options.database, policy):
            from bailiwick.idm.site.trying import Wish, simulate

            wish = Wish(
                application=options.application,
                people=people,
                organizations=organizations,
                days=options.days,
                seed=str(options.seed),
                start=options.start or _first_day(options.like),
                policy=policy,
                report=options.report,
                like=options.like,
            )
            written = simulate(wish, is_divided=not options.database, say=progress())
    except ValueError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except _Stopped:
        print("\nStopped; no report was written.", file=sys.stderr)
        return 1
    print("\n".join(map(str, written)))
    return 0


def _why_not(options: argparse.Namespace, people: int, organizations: int) -> str:
    """What is wrong with the options before anything is made; "" for nothing."""
    if options.like and (options.people or options.organizations):
        return "With --like there are as many people and organizations as in that database: leave the numbers out."
    if people < 2 * organizations:
        return "Every organization needs two people at least."
    if options.database and options.database == os.environ.get("IDM_DATABASE_URL"):
        return "IDM_DATABASE_URL is the live database; a simulation needs a scratch one."
    if options.database and options.database == options.like:
        return "The database of --like is only read; a simulation needs another, empty one."
    if options.like.startswith("sqlite:") and not Path(urlsplit(options.like).path).is_file():
        return f"There is no database {options.like}."
    return ""


def _first_day(like: str) -> date:
    """Of a database as it is now, tomorrow by the operator's clock."""
    return clock.now().astimezone().date() + timedelta(days=1) if like else FIRST_DAY


def forecast(options: argparse.Namespace) -> int:
    """0 and the forecast of the database that IDM's environment names; 1 and why not."""
    policy = _policy(options.policy)
    if policy is None:
        return 1
    os.environ["DJANGO_SETTINGS_MODULE"] = PROGRAMS["idm"].settings_module
    os.environ.pop(PROGRAMS["idm"].port_variable, None)
    from bailiwick.idm.site.trying import forecast

    for line in forecast(policy if options.policy else None, names=options.csv):
        print(line)
    return 0


def _policy(path: Path | None) -> Policy | None:
    """The policy of the file, an empty one where there is none; None where mistakes were told."""
    mistakes = mistakes_in(directory())
    if mistakes:
        print("\n".join(mistakes), file=sys.stderr)
        return None
    if path is None:
        return Policy()
    try:
        return read(
            path, load(directory(), values=json.loads(os.environ.get("IDM_APPLICATION_VALUES") or "{}"))
        )
    except (PolicyError, OSError) as error:
        print(error, file=sys.stderr)
        return None


@contextmanager
def _scratch(database: str, policy: Policy) -> Iterator[None]:
    """An environment in which IDM starts on a scratch database, with the application files under that policy."""
    place = Path(tempfile.mkdtemp(prefix="bailiwick-simulation-"))
    try:
        files = place / "applications"
        files.mkdir()
        for path in sorted(directory().glob("*.toml")):
            (files / path.name).write_text(policy.file(path.stem, path.read_text()))
        for name in [name for name in os.environ if name.startswith("IDM_") and name not in KEPT]:
            del os.environ[name]
        os.environ |= {
            "IDM_DEVELOPMENT": "true",
            "IDM_STATE_DIRECTORY": str(place),
            "IDM_APPLICATIONS_DIRECTORY": str(files),
            "IDM_LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": PROGRAMS["idm"].settings_module,
        } | ({"IDM_DATABASE_URL": database} if database else {})
        yield
    finally:
        shutil.rmtree(place, ignore_errors=True)


def progress() -> Callable[[str], None]:
    """Says how far it is: on a terminal in one line that changes, else at once and then a line every few seconds."""
    begun = time.monotonic()
    told = begun - SECONDS_BETWEEN_LINES

    def say(line: str) -> None:
        nonlocal told
        seconds = time.monotonic()
        if sys.stderr.isatty():
            print(f"\r\033[K{seconds - begun:5.0f} s  {line}", end="", file=sys.stderr, flush=True)
        elif seconds - told >= SECONDS_BETWEEN_LINES:
            told = seconds
            print(f"{seconds - begun:5.0f} s  {line}", file=sys.stderr, flush=True)

    return say
