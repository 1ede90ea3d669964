"""Keep a set of children running until somebody asks to stop.

A crashed child is started again after a pause that doubles; one that lived a while waits the shortest again.
"""

import http.client
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from types import FrameType

from bailiwick.command.children import Child

SHORTEST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
STEADY_AFTER_SECONDS = 60.0
WATCH_EVERY_SECONDS = 0.2
STOP_WITHIN_SECONDS = 10.0


class Stopped(Exception):
    """A signal came before everything was up."""


class Supervisor:
    """Starts, watches and stops children. `say` gets one line for each thing a person should know."""

    def __init__(self, *, say: Callable[[str], None]) -> None:
        self.children: list[Child] = []
        self.say = say
        self._asked = threading.Event()
        self._pauses: dict[str, float] = {}
        self._due: dict[str, float] = {}

    def listen_for_signals(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal ask for a tidy end."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._heard)

    def ask_to_stop(self) -> None:
        """End `run` or `wait_until_ready` soon; the caller then stops the children."""
        self._asked.set()

    @property
    def is_asked_to_stop(self) -> bool:
        return self._asked.is_set()

    def start(self, children: Iterable[Child]) -> None:
        """Start these, and watch over them from now on."""
        for child in children:
            self.children.append(child)
            child.start()

    def wait_until_ready(self, addresses: Mapping[str, str], *, seconds: float = 60.0) -> list[str]:
        """Watch until every `host:port` answers /healthz; the names of those that did not in time.

        Raises Stopped where a signal came first.
        """
        deadline = time.monotonic() + seconds
        missing = dict(addresses)
        while missing and time.monotonic() < deadline:
            self._watch()
            for name, address in list(missing.items()):
                if is_healthy(address):
                    self.say(f"{name} answers")
                    del missing[name]
            if self._asked.wait(WATCH_EVERY_SECONDS):
                raise Stopped
        return list(missing)

    def run(self) -> None:
        """Restart what crashes until asked to stop."""
        while not self._asked.wait(WATCH_EVERY_SECONDS):
            self._watch()

    def stop(self) -> None:
        """Ask all at once, the workers of a program as well as its server, and leave nothing behind."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        for child in self.children:
            if not child.wait(max(0.0, deadline - time.monotonic())):
                self.say(f"{child.name} did not stop within {STOP_WITHIN_SECONDS:.0f} s and is killed")
            child.kill()

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self.ask_to_stop()

    def _watch(self) -> None:
        for child in self.children:
            if child.is_running:
                continue
            if child.name not in self._due:
                self._note_crash(child)
            elif time.monotonic() >= self._due[child.name]:
                del self._due[child.name]
                child.start()
                self.say(f"{child.name} is started again")

    def _note_crash(self, child: Child) -> None:
        pause = SHORTEST_PAUSE_SECONDS
        if child.lived_seconds < STEADY_AFTER_SECONDS:
            pause = min(self._pauses.get(child.name, SHORTEST_PAUSE_SECONDS / 2) * 2, LONGEST_PAUSE_SECONDS)
        self._pauses[child.name] = pause
        self._due[child.name] = time.monotonic() + pause
        self.say(f"{child.name} ended unasked; it starts again in {pause:.0f} s. The end of {child.log}:")
        for line in child.last_lines():
            self.say(f"    {line}")
        child.kill()


def is_healthy(address: str) -> bool:
    """Whether `host:port` answers GET /healthz with 200 within two seconds."""
    connection = http.client.HTTPConnection(address, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
