"""A clock for whole processes: every program under it, PostgreSQL too, reads the time that a test sets.

libfaketime stands between a process and the kernel. Its offset lies in a file that is read at every look, so that all
processes jump at once. Only the time of day is moved: what sleeps, waits or runs into a time-out goes by the real one.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

# The variant for processes with many threads; PostgreSQL and Python are content with it, too.
NAME = "libfaketimeMT.so.1"
PLACES = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/lib64/faketime", "/usr/local/lib/faketime")
INSTALL = "sudo apt install faketime"
SLEEPING = Path(__file__).with_name("sleeping")


def library() -> Path | None:
    """Where libfaketime lies on this machine."""
    found = (path for place in PLACES for path in Path("/").glob(f"{place[1:]}/{NAME}"))
    return next(found, None)


class Clock:
    """The time of day of every program that was started with `environment`; it only goes forward."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "offset"
        self._offset = timedelta()
        self._write()

    @classmethod
    @contextmanager
    def started(cls) -> Iterator["Clock"]:
        with tempfile.TemporaryDirectory(prefix="bailiwick-clock-") as name:
            # PostgreSQL may run as another user of the machine.
            Path(name).chmod(0o755)
            yield cls(Path(name))

    @property
    def environment(self) -> dict[str, str]:
        """What makes a process live by this clock."""
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, (str(SLEEPING), os.environ.get("PYTHONPATH", "")))),
        }

    def time(self) -> float:
        """Seconds since 1970, as the programs read them now."""
        return time.time() + self._offset.total_seconds()  # noqa: TID251 - the one place that asks the real clock

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time(), UTC)

    def pass_time(self, **parts: float) -> None:
        """Jump: `clock.pass_time(minutes=29)`."""
        by = timedelta(**parts)
        assert by >= timedelta(), "this clock only goes forward"
        self._offset += by
        self._write()

    def reach(self, moment: datetime) -> None:
        """Jump to a moment that is still to come."""
        self.pass_time(seconds=(moment - self.now()).total_seconds())

    def _write(self) -> None:
        """In one piece: a process that looks meanwhile reads the old offset or the new one, never half of it."""
        new = self._file.with_suffix(".new")
        new.write_text(f"+{self._offset.total_seconds():.3f}s\n")
        new.chmod(0o644)
        os.replace(new, self._file)  # noqa: PTH105 - the name says that it replaces
