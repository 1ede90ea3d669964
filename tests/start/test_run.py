"""`make run`, as somebody meets it on a clean machine: up, kept, over, down."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from bailiwick.command.ports import free_port
from tests.postgresql import URL_VARIABLE, create_database
from tests.programs import OURS

READY_WITHIN_SECONDS = 120
SIGN_IN = re.compile(r"Sign in", re.IGNORECASE)


class Run:
    """One `bailiwick run --demo` in the foreground of nobody."""

    def __init__(self, directory: Path, log: Path, **environment: str) -> None:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.ports = {name: str(free_port()) for name in ("IDM_PORT", "SPOT_PORT", "BUREAU_PORT")}
        self.log = log
        command = [sys.executable, "-m", "bailiwick.command", "run", "--demo", "--directory", str(directory)]
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                env=plain | self.ports | environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while "Bailiwick runs" not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.2)

    @property
    def text(self) -> str:
        return self.log.read_text(errors="replace")

    def page(self, port: str, path: str = "/") -> str:
        with urllib.request.urlopen(f"http://localhost:{self.ports[port]}{path}", timeout=10) as answer:
            return answer.read().decode()

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Where the world lies that one test leaves to the next: each makes it where it is not there yet."""
    return tmp_path_factory.mktemp("kept") / "world"


@pytest.fixture
def run(tmp_path):
    runs = []

    def start(directory: Path, **environment: str) -> Run:
        log = tmp_path / f"run-{len(runs)}.log"
        runs.append(Run(directory, log, **environment))
        runs[-1].wait()
        return runs[-1]

    yield start
    for one in runs:
        if one.process.poll() is None:
            one.stop(signal.SIGTERM)


def processes_of(directory: Path) -> list[str]:
    """The command lines of whatever still runs in that world."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"STATE_DIRECTORY={directory}".encode() in environment.read_bytes():
                found.append((environment.parent / "cmdline").read_text().replace("\0", " "))
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            continue
    return [line for line in found if line]


def test_it_comes_up_says_where_and_goes_down_without_a_trace(run, world):
    """Both sign-in pages answer, the people are printed and kept in a file, Ctrl-C leaves nothing running."""
    running = run(world)
    assert SIGN_IN.search(running.page("IDM_PORT"))
    assert SIGN_IN.search(running.page("SPOT_PORT"))
    people = (world / "people.txt").read_text()
    assert people in running.text
    assert str(world / "people.txt") in running.text
    assert running.stop(signal.SIGINT) == 0
    assert "Traceback" not in running.text
    assert processes_of(world) == []


def test_a_second_start_keeps_the_data_a_crashed_program_comes_back_and_fresh_starts_over(run, world):
    """The same people with the same passwords, whatever crashes meanwhile; with FRESH=1 the same people with new ones."""
    people = world / "people.txt"
    if not people.exists():
        assert run(world).stop(signal.SIGTERM) == 0
    kept = people.read_text()
    second = run(world)
    assert people.read_text() == kept
    assert kept in second.text
    comes_back(second)
    assert second.stop(signal.SIGTERM) == 0
    third = run(world, FRESH="1")
    assert people.read_text() != kept
    assert third.stop(signal.SIGTERM) == 0


def comes_back(running: Run) -> None:
    """SIGKILL to IDM's server: a line says so, and the page answers again."""
    (server,) = (
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/stat")
        if parent_of(path) == running.process.pid
        and f"serve\0--port\0{running.ports['IDM_PORT']}" in line_of(path)
    )
    os.kill(server, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while "idm is started again" not in running.text:
        assert time.monotonic() < deadline, running.text
        time.sleep(0.1)
    while True:
        try:
            assert running.page("IDM_PORT", "/healthz")
            break
        except OSError:
            assert time.monotonic() < deadline, running.text
            time.sleep(0.2)


def parent_of(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def line_of(stat: Path) -> str:
    return (stat.parent / "cmdline").read_text()


def test_postgresql_takes_one_setting(run, tmp_path):
    """IDM_DATABASE_URL and SPOT_DATABASE_URL, nothing else."""
    server = os.environ.get(URL_VARIABLE)
    if not server:
        pytest.skip("there is no PostgreSQL on this machine")
    databases = {name: create_database(server) for name in ("IDM_DATABASE_URL", "SPOT_DATABASE_URL")}
    running = run(tmp_path / "world", **databases)
    assert SIGN_IN.search(running.page("IDM_PORT"))
    assert running.stop(signal.SIGTERM) == 0
    assert "Traceback" not in running.text
