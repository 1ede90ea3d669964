"""`bailiwick doctor`: what this machine and these settings lack, one line a finding."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import metadata

from bailiwick.command.applications import directory, mistakes_in
from bailiwick.command.ports import Unusable, port_from_text, why_unusable
from bailiwick.command.programs import PROGRAMS, Program
from bailiwick.command.supervising import is_healthy

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 35)
NEEDED = ("django", "granian", "Authlib", "joserfc", "cryptography", "argon2-cffi", "psycopg")

Finding = tuple[bool, str]


def examine() -> int:
    """Print every finding; 0 where all is well, 1 where something needs a person."""
    findings = [finding for look in LOOKS for finding in look()]
    for is_well, sentence in findings:
        print(f"{'well ' if is_well else 'ILL  '} {sentence}")
    ills = sum(not is_well for is_well, _ in findings)
    print("All is well." if not ills else f"{ills} of {len(findings)} findings need attention.")
    return 1 if ills else 0


def _versions() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield sys.version_info >= OLDEST_PYTHON, f"Python {version} (3.11 or newer)"
    yield sqlite3.sqlite_version_info >= OLDEST_SQLITE, f"SQLite {sqlite3.sqlite_version} (3.35 or newer)"
    for name in NEEDED:
        try:
            yield True, f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield False, f"{name} is missing: pip install --require-hashes -r requirements.txt"


def _ports() -> Iterator[Finding]:
    for program in PROGRAMS.values():
        text = os.environ.get(program.port_variable) or str(program.default_port)
        try:
            port = port_from_text(text)
        except Unusable as unusable:
            yield False, f"{program.port_variable}: {unusable}"
            continue
        reason = why_unusable(port)
        if not reason:
            yield True, f"port {port} for {program.title} is free"
        elif is_healthy(f"127.0.0.1:{port}"):
            yield True, f"port {port}: {program.title} answers"
        else:
            yield False, f"port {port} for {program.title} {reason}: set {program.port_variable} to another"


def _programs() -> Iterator[Finding]:
    for program in PROGRAMS.values():
        prefix = f"{program.name.upper()}_"
        if any(name.startswith(prefix) and name != program.port_variable for name in os.environ):
            yield _database(program)


def _database(program: Program) -> Finding:
    # In a process of its own: the settings of two programs do not fit in one.
    done = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "bailiwick.command", program.name, "migrate", "--check"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.returncode:
        return True, f"{program.title}: settings, keys and database are in order"
    last = (done.stderr or done.stdout).strip().splitlines()
    pending = "[ ]" in done.stdout or "Planned operations" in done.stdout
    reason = (
        f"the database lacks migrations: bailiwick {program.name} migrate"
        if pending
        else (last or ["no reason"])[-1]
    )
    return False, f"{program.title}: {reason}"


def _applications() -> Iterator[Finding]:
    place = directory()
    mistakes = mistakes_in(place)
    yield (
        not mistakes,
        f"application files in {place}" + "".join(f"\n        {line}" for line in mistakes),
    )


LOOKS: tuple[Callable[[], Iterator[Finding]], ...] = (_versions, _ports, _programs, _applications)
