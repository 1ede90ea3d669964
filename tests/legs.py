"""The legs of the tests: each is one set of directories under one program's settings on one engine, in one process.

What stands here is what `make test`, `make check` and `make soak` are made of; tests/run.py runs it.
"""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.postgresql import URL_VARIABLE
from tests.settings import PROGRAM_VARIABLE

PYTEST = [
    sys.executable,
    "-m",
    "pytest",
    "-q",
    "--no-header",
    "--show-capture=no",
    "-o",
    "faulthandler_timeout=300",
]
# What `make check` takes of the programs: the way from an account to a submitter ID. `make test` takes everything.
MAIN_WAY = {
    "idm": (
        "registration",
        "signin",
        "sessions",
        "requests",
        "requests_deciding",
        "grants",
        "oidc",
    ),
    "spot": ("signin", "enrollment", "forms_engine", "signing", "deciding"),
}
# What of the ground is one thing to each program on each engine; the rest of it goes crosswise (GROUND_CROSSED).
GROUND_OF_EACH = ("sealed_columns", "statements", "walls")
GROUND_CROSSED = {("idm", "postgresql"), ("spot", "sqlite")}
QUICK = ["-m", "not slow"]


@dataclass
class Leg:
    """One process: a name, its command, what to add to the environment, and what came of it."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    waits: bool = False
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0


def pytest_leg(name: str, *directories: str, options: list[str] | None = None, **environment: str) -> Leg:
    """A leg of pytest."""
    paths = [f"tests/{directory}" for directory in directories]
    return Leg(name, [*PYTEST, *(options or []), *paths], environment)


def waiting_leg(name: str, directory: str, **environment: str) -> Leg:
    """A leg that watches real programs at work."""
    leg = pytest_leg(name, directory, **environment)
    leg.waits = True
    return leg


def engine_legs(engine: str, url: str, *, crosswise: bool) -> list[Leg]:
    """Ground, IDM, SPOT and bureau on one engine. `url` names a PostgreSQL server; empty means SQLite.

    `crosswise`: most of the ground runs under each program on one engine only, so that both are seen and no pair twice;
    and what of a program touches no row runs on SQLite only.
    """

    def database(program: str) -> dict[str, str]:
        place = {f"{program.upper()}_DATABASE_URL": f"{url.rpartition('/')[0]}/{program}"} if url else {}
        rows_only = {"BAILIWICK_TEST_ROWS_ONLY": "1"} if url and crosswise else {}
        return {PROGRAM_VARIABLE: program, **place, **rows_only}

    def ground(program: str) -> list[str]:
        if not crosswise or (program, engine) in GROUND_CROSSED:
            return ["ground"]
        return [f"ground/test_{name}.py" for name in GROUND_OF_EACH]

    return [
        pytest_leg(f"idm {engine}", *ground("idm"), "idm", **database("idm")),
        pytest_leg(f"spot {engine}", *ground("spot"), "spot", **database("spot")),
        pytest_leg(f"bureau {engine}", "bureau", **database("bureau")),
    ]


def journey_legs(url: str) -> list[Leg]:
    """Real programs and a real browser, on each engine there is."""
    legs = [waiting_leg("journeys sqlite", "journeys", BAILIWICK_TEST_ENGINE="sqlite")]
    if url:
        place = {"BAILIWICK_TEST_ENGINE": "postgresql", URL_VARIABLE: url}
        legs.append(waiting_leg("journeys postgresql", "journeys", **place))
    return legs


def fault_legs(url: str) -> list[Leg]:
    """Real programs over HTTP, killed and sent hostile input, on each engine there is; each with a server of its own."""
    engines = ["sqlite", "postgresql"] if url else ["sqlite"]
    return [waiting_leg(f"faults {engine}", "faults", BAILIWICK_TEST_ENGINE=engine) for engine in engines]


def time_travel_legs(url: str) -> list[Leg]:
    """Real programs under a clock that the tests move, on each engine there is; each with a server of its own."""
    engines = ["sqlite", "postgresql"] if url else ["sqlite"]
    return [
        waiting_leg(f"timetravel {engine}", "timetravel", BAILIWICK_TEST_ENGINE=engine) for engine in engines
    ]


def check_legs() -> list[Leg]:
    """What `make check` runs: nothing that needs a server or a browser, and of the programs their main way."""
    binaries = Path(sys.executable).parent
    idm, spot = ([f"{program}/test_{name}.py" for name in names] for program, names in MAIN_WAY.items())
    return [
        pytest_leg("house", "house", "rules", "wire", options=QUICK),
        pytest_leg("idm", *idm, options=QUICK),
        Leg("format", [str(binaries / "ruff"), "format", "--check", "--quiet", "."]),
        Leg("lint", [str(binaries / "ruff"), "check", "--quiet", "."]),
        Leg("types", [str(binaries / "mypy")]),
        Leg("arrows", [str(binaries / "lint-imports")]),
        pytest_leg("spot", *spot, options=QUICK),
        pytest_leg("bureau", "bureau", options=QUICK),
    ]
