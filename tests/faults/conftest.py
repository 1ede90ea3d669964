"""Faults: real programs over HTTP, without a browser, killed and restarted around what people do.

One world a session and engine; each test has people of its own. After each test everything runs again, what waits is
delivered, and the invariants hold (design of the checks: invariants.py).
"""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults import invariants
from tests.faults.cast import MOST_PEOPLE, Facts, somebody, write_people
from tests.faults.world import World, engines


@pytest.fixture(scope="session", params=engines())
def running(request, tmp_path_factory) -> Iterator[World]:
    """The programs of the whole session. Tests take `world`."""
    people = write_people(
        Path(tmp_path_factory.mktemp("bureau")) / "people.toml", [somebody(n) for n in range(MOST_PEOPLE)]
    )
    with World.started(request.param, people) as running:
        yield running


@pytest.fixture
def world(running) -> Iterator[World]:
    """The running programs; afterwards whatever was killed is started, and the invariants are checked."""
    yield running
    running.start_what_is_down()
    running.hurry()
    running.wait_until_delivered()
    findings = invariants.findings(running)
    assert not findings, "\n".join(findings)


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return itertools.count()


@pytest.fixture(scope="session")
def newcomer(_numbers) -> Callable[[], Facts]:
    """`newcomer()` gives somebody who has no account yet."""
    return lambda: somebody(next(_numbers))


def pytest_collection_modifyitems(items):
    """What needs a database server is no test on SQLite: it is left out there, not skipped."""
    needs_server = "world_on_a_server"
    items[:] = [
        item
        for item in items
        if needs_server not in getattr(item, "fixturenames", ())
        or item.callspec.params["running"] != "sqlite"
    ]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure says what went wrong in the programs' own words."""
    report = yield
    world = getattr(item, "funcargs", {}).get("running")
    if report.failed and world is not None:
        lines = [
            line for line in world.programs.logs().splitlines() if "frames" in line or "Traceback" in line
        ]
        report.sections.append(("exceptions in the logs", "\n".join(lines[-30:])))
    return report
