"""Sparing SPOT's threads while IDM hangs: after a slow failure nobody waits for IDM again for a moment (O-5).

Fast failures cost nothing and are not counted: the next question may be answered.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bailiwick.spot.identity.http import UnansweredError

SLOW_SECONDS = 1.0
SPARED_SECONDS = 10.0


class Sparing:
    """While IDM hangs, one thread at a time tries; the others hear at once that there is no answer."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around one question. Raises UnansweredError at once where asking would most likely be waiting in vain."""
        self._take_turn()
        started = time.monotonic()
        try:
            yield
        except UnansweredError:
            took = time.monotonic() - started
            self._settle(is_hanging=took >= SLOW_SECONDS)
            raise
        except BaseException:
            self._settle(is_hanging=False)
            raise
        self._settle(is_hanging=False)

    def _take_turn(self) -> None:
        with self.lock:
            if self.is_hanging and (self.is_tried or time.monotonic() < self.spared_until):
                raise UnansweredError("IDM hung a moment ago")
            self.is_tried = self.is_hanging

    def _settle(self, *, is_hanging: bool) -> None:
        with self.lock:
            self.is_hanging, self.is_tried = is_hanging, False
            self.spared_until = time.monotonic() + SPARED_SECONDS if is_hanging else 0.0

    def forget(self) -> None:
        self.is_hanging, self.is_tried, self.spared_until = False, False, 0.0
