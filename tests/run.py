"""Run the tests as `make test`, `make check` and `make soak` do: one process a leg, several legs at a time.

Legs of two kinds go side by side: those that count, which take a core whenever they can have one, and those that wait
for programs, a browser or a clock. The first step back for the second (`nice`), so that nobody waits for nothing.

A leg is one set of directories under one program's settings on one engine. `python -m tests.run idm sqlite` runs the legs
whose names hold all the words. The last line sums up; the exit code is 0 where nothing failed and nothing needed
was missing. Under CI=true a missing browser or engine is a failure.
"""

import argparse
import contextlib
import os
import secrets
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from bailiwick.command.children import Child
from tests import chromium
from tests.legs import (
    Leg,
    check_legs,
    engine_legs,
    fault_legs,
    journey_legs,
    pytest_leg,
    time_travel_legs,
    waiting_leg,
)
from tests.postgresql import INSTALL, URL_VARIABLE, PrivatePostgreSQL, directory_of_binaries
from tests.timetravel import clock

ROOT = Path(__file__).resolve().parents[1]
# How many legs of each kind run at a time; where one kind is through, the other takes its lanes.
COUNTING, WAITING = 1, 2
STEPS_BACK = ["nice", "-n", "5"]
LONGEST_SECONDS = 3000
IS_CI = os.environ.get("CI", "") == "true"
LONGEST_WALK_SECONDS = 300
THOROUGHLY = {"BAILIWICK_FAULTS": "thorough", "BAILIWICK_FAULTS_PEOPLE": "20"}
# Nothing of the shell's own reaches the programs. Least of all a Python that keeps no bytecode, as images of containers
# like to have it: a hundred starts would read every file of source anew, for more than a second each.
STRANGERS = (
    "IDM_",
    "SPOT_",
    "BUREAU_",
    "DJANGO_SETTINGS_MODULE",
    "PYTEST_ADDOPTS",
    "PYTHONDONTWRITEBYTECODE",
)


def run(legs: list[Leg], directory: Path) -> None:
    """Run every leg as there are lanes, each kind in this order; prints a line as each ends."""
    waiting = list(legs)
    running: list[tuple[Leg, Child]] = []
    with contextlib.ExitStack() as undo:
        while waiting or running:
            while leg := _next(waiting, [one for one, _ in running]):
                waiting.remove(leg)
                child = _child(leg, directory)
                undo.callback(child.kill)
                child.start()
                running.append((leg, child))
            time.sleep(0.1)
            for leg, child in list(running):
                if child.is_running and child.lived_seconds < LONGEST_SECONDS:
                    continue
                running.remove((leg, child))
                _finish(leg, child, directory)


def _next(waiting: list[Leg], running: list[Leg]) -> Leg | None:
    """The first whose kind has a lane left; None where nothing may start now."""
    if len(running) >= COUNTING + WAITING:
        return None
    lanes = {False: COUNTING, True: WAITING}
    free = {kind for kind in lanes if sum(leg.waits is kind for leg in running) < lanes[kind]}
    left = {leg.waits for leg in waiting}
    return next((leg for leg in waiting if leg.waits in free or len(left) == 1), None)


def _child(leg: Leg, directory: Path) -> Child:
    given = {name: value for name, value in os.environ.items() if not name.startswith(STRANGERS)}
    command = list(leg.command)
    if "pytest" in command:
        command.append(f"--junitxml={_report(leg, directory)}")
    if not leg.waits:
        command = [*STEPS_BACK, *command]
    log = directory / f"{leg.name.replace(' ', '-')}.log"
    return Child(leg.name, command, given | leg.environment, log)


def _report(leg: Leg, directory: Path) -> Path:
    return directory / f"{leg.name.replace(' ', '-')}.xml"


def _finish(leg: Leg, child: Child, directory: Path) -> None:
    leg.seconds = child.lived_seconds
    was_hung = child.is_running
    child.kill()
    _count(leg, _report(leg, directory), is_well=child.exit_code == 0)
    state = "FAILED" if leg.failed else "passed"
    counts = f"{leg.passed} passed, {leg.failed} failed" + (f", {leg.skipped} skipped" if leg.skipped else "")
    print(f"{leg.name:<22} {state}  {counts:<34} {leg.seconds:6.1f} s", flush=True)
    if was_hung:
        print(f"    it was still running after {LONGEST_SECONDS} s and was killed")
    if leg.failed:
        print("\n".join(f"    {line}" for line in child.last_lines(400)), flush=True)


def _count(leg: Leg, report: Path, *, is_well: bool) -> None:
    if report.exists():
        for suite in ET.parse(report).getroot().iter("testsuite"):
            told = {key: int(suite.get(key, "0")) for key in ("tests", "failures", "errors", "skipped")}
            leg.failed += told["failures"] + told["errors"]
            leg.skipped += told["skipped"]
            leg.passed += told["tests"] - told["failures"] - told["errors"] - told["skipped"]
    elif is_well:
        leg.passed = 1
    if not is_well and not leg.failed:
        # A crash, a hang, or nothing collected: silence is no success.
        leg.failed = 1


def close(legs: list[Leg], missing: list[str], started: float) -> int:
    """The closing lines and the exit code."""
    passed, failed, skipped = (
        sum(getattr(leg, key) for leg in legs) for key in ("passed", "failed", "skipped")
    )
    if IS_CI:
        failed += len(missing)
    print()
    for sentence in missing:
        print(f"{'FAILED' if IS_CI else 'NOT RUN'}: {sentence}")
    if skipped:
        print(f"{skipped} skipped")
    print(f"{len(legs)} legs in {time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


@contextlib.contextmanager
def postgresql(missing: list[str]) -> Iterator[str]:
    """The URL of a private PostgreSQL, or an empty string and a sentence in `missing`."""
    if directory_of_binaries() is None:
        missing.append(f"everything on PostgreSQL: there are no PostgreSQL binaries here; {INSTALL}")
        yield ""
        return
    with PrivatePostgreSQL() as server:
        yield server.url()


def everything(words: list[str], directory: Path, missing: list[str]) -> list[Leg]:
    """`make test`: all legs; of each kind first what is quick and certain, then the longest."""
    browser = chromium.find_or_install()
    with postgresql(missing) as url:
        legs = [pytest_leg("house", "house", "rules", "wire", "command")]
        crosswise = bool(url) and not THOROUGHLY.keys() <= os.environ.keys()
        legs += engine_legs("postgresql", url, crosswise=crosswise) if url else []
        legs += engine_legs("sqlite", "", crosswise=crosswise)
        if browser:
            os.environ["CHROMIUM"] = browser
            legs += journey_legs(url)
        else:
            missing.append(f"the journeys: there is no Chromium or Chrome here; {chromium.INSTALL}")
        legs += fault_legs(url)
        if clock.library():
            legs += time_travel_legs(url)
        else:
            missing.append(f"time travel: there is no libfaketime here; {clock.INSTALL}")
        legs.append(waiting_leg("start", "start", **({URL_VARIABLE: url} if url else {})))
        chosen = [leg for leg in legs if all(word in leg.name.split() for word in words)]
        run(chosen, directory)
    return chosen


def soak(directory: Path, missing: list[str]) -> list[Leg]:
    """`make soak`: the faults, thoroughly and at random, the journeys, and the long races of both programs, again and again in new worlds."""
    minutes = float(os.environ.get("SOAK_MINUTES", "30"))
    deadline = time.monotonic() + 60 * minutes
    done: list[Leg] = []
    while time.monotonic() < deadline and not any(leg.failed for leg in done):
        left = max(deadline - time.monotonic(), 0.0)
        os.environ |= THOROUGHLY | {
            "BAILIWICK_FAULTS_SEED": str(secrets.randbelow(2**31)),
            "BAILIWICK_FAULTS_SECONDS": f"{min(left / 2, LONGEST_WALK_SECONDS):.0f}",
        }
        for word in ("faults", "journeys", "spot", "idm"):
            done += everything([word], directory, missing)
        if missing:
            break
    return done


def main() -> int:
    parser = argparse.ArgumentParser(description="Run the tests.")
    parser.add_argument("words", nargs="*", help="only the legs whose names hold all of these words")
    parser.add_argument("--check", action="store_true", help="format, lint, types, arrows and the fast tests")
    parser.add_argument(
        "--soak", action="store_true", help="repeat the faults and the journeys for SOAK_MINUTES"
    )
    options = parser.parse_args()
    os.chdir(ROOT)
    started = time.monotonic()
    missing: list[str] = []
    with tempfile.TemporaryDirectory(prefix="bailiwick-run-") as name:
        directory = Path(name)
        if options.check:
            legs = check_legs()
            run(legs, directory)
        elif options.soak:
            legs = soak(directory, missing)
        else:
            legs = everything(options.words, directory, missing)
    return close(legs, missing, started)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
