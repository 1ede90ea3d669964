"""A private PostgreSQL for tests: its own directory, a socket nobody else reaches, gone when the tests are.

PostgreSQL refuses to run as root; there it runs as the `postgres` user of the machine.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

from bailiwick.command.lifelines import die_with_parent

BINARIES = "/usr/lib/postgresql"
URL_VARIABLE = "BAILIWICK_TEST_POSTGRESQL"
INSTALL = "sudo apt install postgresql"
# Tests lose nothing when the machine stops: durability would only cost time.
SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=400")


class MissingEngineError(Exception):
    """No PostgreSQL here; the message says how to get one."""


def directory_of_binaries() -> Path | None:
    """Where initdb and postgres lie: the newest version of this machine, or what is on the PATH."""
    versions = sorted(Path(BINARIES).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class PrivatePostgreSQL:
    """A cluster in a temporary directory, as a context manager; `settings` as `name=value`.

    `environment` is added to the server's own.
    """

    def __init__(self, settings: Sequence[str] = SPEED, environment: Mapping[str, str] | None = None) -> None:
        self._settings = settings
        self._environment = dict(environment or {})
        self._binaries = directory_of_binaries()
        self._directory: Path | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._binaries is None:
            raise MissingEngineError(f"PostgreSQL is not on this machine: {INSTALL}")
        # In /tmp itself: a socket's path may not be longer than 107 bytes.
        self._directory = Path(tempfile.mkdtemp(prefix="bailiwick-pg-", dir="/tmp"))
        if os.geteuid() == 0:
            shutil.chown(self._directory, "postgres", "postgres")
        self._run(
            "initdb", "--auth=trust", "--username=postgres", "--no-sync", "-E", "UTF8", "-D", str(self.data)
        )
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self._directory, ignore_errors=True)

    @property
    def data(self) -> Path:
        return self._directory / "data"

    @property
    def process_id(self) -> int:
        """The server's first process; every connection's is below it."""
        return self._server.pid

    def url(self, database: str = "postgres") -> str:
        """`postgresql://…` of one database."""
        return f"postgresql://postgres@{quote(str(self._directory), safe='')}:5432/{database}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [part for setting in self._settings for part in ("-c", setting)]
        with (self._directory / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._program("postgres"), "-D", self.data, "-k", self._directory, "-h", "", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | self._environment,
                start_new_session=True,
                # Also where the tests are killed, no server stays behind.
                preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509 - one thread here
                **self._owner,
            )
        for _ in range(300):
            if self._ask("pg_isready", "-q").returncode == 0:
                return
            time.sleep(0.1)
        raise MissingEngineError(f"PostgreSQL did not start:\n{(self._directory / 'log').read_text()}")

    def stop(self) -> None:
        """A fast shutdown: connections are cut."""
        if self._server is None:
            return
        self._run("pg_ctl", "stop", "-m", "fast", "-D", str(self.data), "-t", "20")
        self._server.wait(timeout=30)
        self._server = None

    def _ask(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [self._program(program), "-h", str(self._directory), "-U", "postgres", *arguments]
        return subprocess.run(command, capture_output=True, check=False)

    def _run(self, program: str, *arguments: str) -> None:
        command = [self._program(program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._owner)
        if done.returncode:
            raise MissingEngineError(f"{program} failed: {done.stdout}{done.stderr}")

    def _program(self, name: str) -> str:
        return str(self._binaries / name)

    @property
    def _owner(self) -> dict[str, Any]:
        as_postgres = {"user": "postgres", "group": "postgres", "extra_groups": []}
        return {"cwd": "/"} | (as_postgres if os.geteuid() == 0 else {})


def create_database(server_url: str, name: str = "") -> str:
    """The URL of a new, empty database on the server that `server_url` names."""
    import psycopg
    from psycopg import sql

    name = name or f"world_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{server_url.rpartition('/')[0]}/{name}"
