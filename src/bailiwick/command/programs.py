"""The programs by name, and how a command line enters one: its settings, its web server, its worker.

Each process belongs to one program; the Django settings of two are never loaded together.
"""

import argparse
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from bailiwick.command.ports import Unusable, port_from_text
from bailiwick.ground.program.hardening import harden


@dataclass(frozen=True)
class Program:
    """`name` is its room in `bailiwick`, its command word and, in capitals, the prefix of its environment."""

    name: str
    title: str
    default_port: int

    @property
    def settings_module(self) -> str:
        return f"bailiwick.{self.name}.site.settings"

    @property
    def port_variable(self) -> str:
        return f"{self.name.upper()}_PORT"


PROGRAMS = {
    program.name: program
    for program in (
        Program("idm", "IDM", 8000),
        Program("spot", "SPOT", 8001),
        Program("bureau", "Bureau", 8002),
    )
}


def enter(program: Program, arguments: Sequence[str]) -> int:
    """Run `bailiwick <program> <arguments>`: `serve`, `work`, or a management command of the program."""
    harden()
    os.environ["DJANGO_SETTINGS_MODULE"] = program.settings_module
    # The port belongs to the command, not to the settings, which refuse what they do not know.
    port = os.environ.pop(program.port_variable, "")
    word, *rest = arguments or ["help"]
    if word == "serve":
        return _serve(program, rest, port)
    if word == "work":
        return _work(program)
    from django.core.management import ManagementUtility

    ManagementUtility([f"bailiwick {program.name}", word, *rest]).execute()
    return 0


def _serve(program: Program, arguments: Sequence[str], port: str) -> int:
    parser = argparse.ArgumentParser(prog=f"bailiwick {program.name} serve", description="Serve the pages.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default 127.0.0.1)")
    parser.add_argument("--port", default=port or str(program.default_port), help="port to listen at")
    parser.add_argument(
        "--workers", type=int, default=1, help="worker processes, about one a core (default 1)"
    )
    parser.add_argument("--threads", type=int, default=3, help="threads a worker, 2 to 4 (default 3)")
    options = parser.parse_args(arguments)
    from bailiwick.command.serving import serve

    try:
        serve(
            program,
            host=options.host,
            port=port_from_text(options.port),
            workers=options.workers,
            threads=options.threads,
        )
    except Unusable as unusable:
        print(unusable, file=sys.stderr)
        return 1
    return 0


def _work(program: Program) -> int:
    import django

    django.setup()
    # A worker that is asked to stop finishes the row in hand; the loop itself says how.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        importlib.import_module(f"bailiwick.{program.name}.site.work").main()
    except KeyboardInterrupt:
        return 0
    return 0
