"""One supervised process: a session of its own, a log of its own, and no survivors when it ends."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from bailiwick.command.lifelines import die_with_parent

POLL_SECONDS = 0.05


class Child:
    """A program's server or worker, started and stopped as one process group."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.command = list(command)
        self.environment = dict(environment)
        self.log = log
        self.started_at = 0.0
        self.exit_code: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start anew; whatever is left of an earlier run is killed first."""
        self.kill()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command line
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509 - one thread here
            )
        self.started_at = time.monotonic()

    @property
    def process_id(self) -> int:
        """Its process id, which is the id of its group too; 0 where it never ran."""
        return self._process.pid if self._process else 0

    @property
    def is_running(self) -> bool:
        """Whether the leader of the group lives. The dead are not reaped here: the group keeps its id."""
        if self._process is None:
            return False
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._process.pid, flags) is None

    @property
    def lived_seconds(self) -> float:
        return time.monotonic() - self.started_at

    def ask_to_stop(self) -> None:
        """SIGTERM to the leader, which winds up its own workers."""
        if self.is_running:
            os.kill(self.process_id, signal.SIGTERM)

    def wait(self, seconds: float) -> bool:
        """Whether it ended by itself within that time."""
        deadline = time.monotonic() + seconds
        while self.is_running and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
        return not self.is_running

    def kill(self) -> None:
        """SIGKILL to the whole group, also where only a worker of a dead leader is left; sets `exit_code`."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self.exit_code = self._process.wait()
        self._process = None

    def stop(self, seconds: float = 10.0) -> None:
        """Ask, wait, then kill the group."""
        self.ask_to_stop()
        self.wait(seconds)
        self.kill()

    def last_lines(self, count: int = 12) -> list[str]:
        """The end of its log."""
        if not self.log.exists():
            return []
        return self.log.read_text(errors="replace").splitlines()[-count:]
