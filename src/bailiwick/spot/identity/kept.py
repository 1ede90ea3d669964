"""A value that was fetched and is kept for a while, per program process; one thread fetches, the others wait for it."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from bailiwick.spot.identity.http import UnansweredError

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Keeps the last value of `fetch(name)` for `seconds`.

    A fetch that fails raises to the one who made it and to all who waited for it: waiting in turn for an IDM that hangs
    would hold every thread of the program.
    """

    def __init__(self, fetch: Callable[[str], Value], *, seconds: float) -> None:
        self.fetch = fetch
        self.seconds = seconds
        self.lock = threading.Lock()
        self.forget()

    def get(self, name: str, *, younger_than: float | None = None) -> Value:
        """The value of `name`, at most `younger_than` (default: all of `seconds`) seconds old. Raises what fetch raises."""
        oldest = self.seconds if younger_than is None else younger_than
        held = self.values.get(name)
        asked = time.monotonic()
        if held and asked - held[0] < oldest:
            return held[1]
        with self.lock:
            return self._fetched_since(name, asked)

    def _fetched_since(self, name: str, asked: float) -> Value:
        """What somebody else fetched while this thread waited for the lock, else fetched now."""
        held, failed = self.values.get(name), self.failures.get(name)
        if held and held[0] >= asked:
            return held[1]
        if failed and failed[0] >= asked:
            raise UnansweredError(failed[1])
        try:
            value = self.fetch(name)
        except UnansweredError as error:
            self.failures = {name: (time.monotonic(), str(error))}
            raise
        self.values = {name: (time.monotonic(), value)}
        return value

    def forget(self) -> None:
        """Keep nothing: the next who asks fetches."""
        self.values: dict[str, tuple[float, Value]] = {}
        self.failures: dict[str, tuple[float, str]] = {}
