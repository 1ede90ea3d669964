"""Serve one program over HTTP: granian, WSGI, a few blocking threads a worker, connections kept."""

import importlib
import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from bailiwick.command.lifelines import die_with_parent
from bailiwick.command.ports import Unusable, why_unusable
from bailiwick.command.programs import Program
from bailiwick.ground.program.hardening import harden

STOP_WITHIN_SECONDS = 8


def serve(program: Program, *, host: str, port: int, workers: int, threads: int) -> None:
    """Listen until SIGTERM or SIGINT. Raises Unusable where the port is taken."""
    reason = why_unusable(port, host)
    if reason:
        raise Unusable(f"Port {port} {reason}; choose another with --port or {program.port_variable}.")
    server = Server(
        f"bailiwick.{program.name}.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        # A thread that idles out takes its database connection with it.
        blocking_threads_idle_timeout=600,
        backpressure=max(64, 16 * threads),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN_SECONDS,
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
    )
    server.serve(target_loader=partial(_load, os.getpid()))


def _load(server: int, target: str) -> Callable[..., Any]:
    # Runs in the worker, which is a new program to the kernel.
    harden()
    # A granian worker outlives its killed main process unless the kernel is asked.
    die_with_parent(server)
    # Until the worker listens for signals itself it would swallow them with its parent's handlers.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    module, _, name = target.partition(":")
    application: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return application
