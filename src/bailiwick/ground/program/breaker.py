"""A circuit breaker: while another program is down, people are told at once instead of waiting for every time-out. (V-6)"""

import time
from collections.abc import Callable
from threading import Lock


class Breaker:
    """Opens after `failures` in a row, for `rest` seconds; then one call at a time is let through to try.

    Held in memory, one a process: it saves waiting, it guards nothing.
    """

    def __init__(
        self, *, failures: int = 5, rest: float = 30.0, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._allowed = failures
        self._rest = rest
        self._ticks = ticks
        self._lock = Lock()
        self._failed = 0
        self._open_until = 0.0

    def lets_through(self) -> bool:
        """Whether to ask now. In the half-open state the asker takes the one place until it reports."""
        with self._lock:
            if self._failed < self._allowed:
                return True
            if self._ticks() < self._open_until:
                return False
            self._open_until = self._ticks() + self._rest
            return True

    @property
    def is_open(self) -> bool:
        """Whether people would be told at once that the other side is away; asking takes no place."""
        with self._lock:
            return self._failed >= self._allowed and self._ticks() < self._open_until

    def report(self, *, answered: bool) -> None:
        """What came of a call that was let through."""
        with self._lock:
            if answered:
                self._failed = 0
                return
            self._failed += 1
            if self._failed >= self._allowed:
                self._open_until = self._ticks() + self._rest
