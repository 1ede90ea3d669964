"""The real programs on random ports in a directory of their own, for tests over HTTP and in a browser.

    with Programs("sqlite") as programs:
        programs.idm_url, programs.mailbox("ada@example.org"), programs.kill("idm"), programs.start("idm")

Nothing is restarted by itself here: what a test kills stays dead until the test starts it.
"""

import contextlib
import json
import os
import shutil
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, Self

from bailiwick.command.children import Child
from bailiwick.command.ports import free_port
from bailiwick.command.programs import PROGRAMS
from bailiwick.command.supervising import is_healthy
from bailiwick.command.world import World
from tests.postgresql import URL_VARIABLE, PrivatePostgreSQL, create_database

READY_WITHIN_SECONDS = 60
ENGINES = ("sqlite", "postgresql")
OURS = ("IDM_", "SPOT_", "BUREAU_", "DJANGO_SETTINGS_MODULE")


class Programs:
    """IDM, SPOT, the bureau and both workers; `settings` adds to their environment (`IDM_…`, `SPOT_…`, `BUREAU_…`)."""

    def __init__(self, engine: str = "sqlite", *, settings: dict[str, str] | None = None) -> None:
        assert engine in ENGINES
        self.engine = engine
        self.settings = settings or {}
        self._undo = contextlib.ExitStack()
        self._children: dict[str, Child] = {}

    def __enter__(self) -> Self:
        try:
            self._set_up()
        except BaseException:
            self._undo.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    @property
    def idm_url(self) -> str:
        return self.world.url("idm")

    @property
    def spot_url(self) -> str:
        return self.world.url("spot")

    @property
    def bureau_url(self) -> str:
        return self.world.url("bureau")

    def start(self, name: str) -> None:
        """Start `idm`, `idm-worker`, `spot`, `spot-worker` or `bureau` and wait until a server answers."""
        self._children[name].start()
        if name in PROGRAMS:
            self._wait_for(name)

    def kill(self, name: str) -> None:
        """SIGKILL to the whole process group."""
        self._children[name].kill()

    def stop(self, name: str) -> None:
        """SIGTERM, as an operator would."""
        self._children[name].stop()

    def is_running(self, name: str) -> bool:
        return self._children[name].is_running

    def process_id(self, name: str) -> int:
        return self._children[name].process_id

    def log(self, name: str) -> str:
        """Everything that the program has written so far."""
        log = self._children[name].log
        return log.read_text(errors="replace") if log.exists() else ""

    def logs(self) -> str:
        """The logs of all of them in one text, for canaries."""
        return "\n".join(self.log(name) for name in self._children)

    def manage(self, program: str, *words: str) -> str:
        """What `bailiwick <program> <words>` printed."""
        return self.world.manage(program, *words)

    def mailbox(self, to: str = "") -> list[dict[str, Any]]:
        """What was delivered to that address or number (or to anybody), newest first."""
        query = f"?to={urllib.parse.quote(to)}" if to else ""
        with urllib.request.urlopen(f"{self.idm_url}/mailbox.json{query}", timeout=10) as answer:
            return json.load(answer)

    def wait_for_mail(
        self, to: str, *, containing: str = "", count: int = 1, seconds: float = 20
    ) -> dict[str, Any]:
        """The newest message to that address once there are `count` whose subject or text contains the words."""
        deadline = time.monotonic() + seconds
        while True:
            mails = [mail for mail in self.mailbox(to) if containing in mail["subject"] + mail["text"]]
            if len(mails) >= count:
                return mails[0]
            assert time.monotonic() < deadline, (
                f"{len(mails)} of {count} messages to {to} containing {containing!r}"
            )
            time.sleep(0.1)

    def _set_up(self) -> None:
        directory = Path(tempfile.mkdtemp(prefix="bailiwick-world-"))
        self._undo.callback(shutil.rmtree, directory, ignore_errors=True)
        given = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.world = World(directory, _ports(), given | self._databases() | self.settings)
        self.world.lay_out()
        self.world.prepare()
        self._start(self.world.servers())
        for name in PROGRAMS:
            self._wait_for(name)
        self._start(self.world.workers())

    def _start(self, children: list[Child]) -> None:
        for child in children:
            self._children[child.name] = child
            # Registered before it starts: nothing outlives a failed start.
            self._undo.callback(child.kill)
            child.start()

    def _databases(self) -> dict[str, str]:
        if self.engine == "sqlite":
            return {}
        server = os.environ.get(URL_VARIABLE) or self._undo.enter_context(PrivatePostgreSQL()).url()
        return {f"{name.upper()}_DATABASE_URL": create_database(server) for name in ("idm", "spot")}

    def _wait_for(self, name: str) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not is_healthy(self.world.address(name)):
            child = self._children[name]
            alive = child.is_running and time.monotonic() < deadline
            assert alive, f"{name} does not answer; its log ends:\n" + "\n".join(child.last_lines(30))
            time.sleep(0.1)


def _ports() -> dict[str, int]:
    ports: set[int] = set()
    while len(ports) < len(PROGRAMS):
        ports.add(free_port())
    return dict(zip(PROGRAMS, sorted(ports), strict=True))
