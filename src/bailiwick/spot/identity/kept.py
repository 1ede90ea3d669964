"""A value that was fetched and is kept for a while, per program process; one thread fetches, the others wait for it."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Keeps the last value of `fetch(name)` for `seconds`. A failing fetch is not kept: it raises to everyone who asks."""

    def __init__(self, fetch: Callable[[str], Value], *, seconds: float) -> None:
        self.fetch = fetch
        self.seconds = seconds
        self.lock = threading.Lock()
        self.values: dict[Hashable, tuple[float, Value]] = {}

    def get(self, name: str, *, younger_than: float | None = None) -> Value:
        """The value of `name`, at most `younger_than` (default: all of `seconds`) seconds old."""
        oldest = self.seconds if younger_than is None else younger_than
        held = self.values.get(name)
        if held and time.monotonic() - held[0] < oldest:
            return held[1]
        asked = time.monotonic()
        with self.lock:
            held = self.values.get(name)
            # Somebody else fetched it while this thread waited for the lock.
            if held and held[0] >= asked:
                return held[1]
            value = self.fetch(name)
            self.values = {name: (time.monotonic(), value)}
            return value

    def forget(self) -> None:
        """Keep nothing: the next who asks fetches."""
        with self.lock:
            self.values = {}
