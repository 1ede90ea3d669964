"""Time travel: real programs over HTTP under a clock that only goes forward; one world a session and engine.

Each test has people of its own. What takes weeks comes last (the files are named so): it leaves everybody behind who
was signed in before.
"""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.cast import MOST_PEOPLE, Facts, somebody, write_people
from tests.faults.world import engines
from tests.timetravel.clock import INSTALL, library
from tests.timetravel.era import Era


@pytest.fixture(scope="session", params=engines())
def era(request, tmp_path_factory) -> Iterator[Era]:
    """The programs of the whole session, and their clock."""
    if library() is None:
        missing = f"libfaketime is not on this machine: {INSTALL}"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    people = write_people(
        Path(tmp_path_factory.mktemp("bureau")) / "people.toml", [somebody(n) for n in range(MOST_PEOPLE)]
    )
    with Era.begun(request.param, people) as era:
        yield era


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return itertools.count()


@pytest.fixture(scope="session")
def newcomer(_numbers) -> Callable[[], Facts]:
    """`newcomer()` gives somebody who has no account yet."""
    return lambda: somebody(next(_numbers))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure says what went wrong in the programs' own words."""
    report = yield
    era = getattr(item, "funcargs", {}).get("era")
    if report.failed and era is not None:
        told = [line for line in era.programs.logs().splitlines() if "frames" in line or "Traceback" in line]
        report.sections.append(("exceptions in the logs", "\n".join(told[-30:])))
    return report
