"""What is measured: the real programs on an engine that keeps what it acknowledges, whole on one core."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bailiwick.command.children import Child
from bailiwick.command.ports import free_port
from bailiwick.command.supervising import is_healthy
from bench.processor import Cores, cores, family_of, on_core, processor_seconds
from bench.relying import Relying
from tests.postgresql import URL_VARIABLE, PrivatePostgreSQL
from tests.programs import Programs

REPOSITORY = Path(__file__).resolve().parents[1]
# PostgreSQL's own defaults, said aloud: what is acknowledged is on the disk.
DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=50")


@dataclass
class Stand:
    """`people`: those who can sign in, each with `user_id`, `password` and `authenticator`, taken from the front."""

    engine: str
    programs: Programs
    database: PrivatePostgreSQL | None
    cores: Cores
    people: list[dict[str, str]] = field(default_factory=list)
    signed_in: list[dict[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """IDM's, as `host:port`. By the name that it calls itself: cookies and issuer hang on it."""
        return self.programs.idm_url.partition("//")[2]

    @property
    def relying(self) -> Relying:
        return Relying(
            issuer=self.programs.idm_url,
            redirect_uri=f"{self.programs.spot_url}/oidc/callback",
            key_file=self.programs.world.directory / "spot-client.json",
        )

    def take_people(self, count: int) -> list[dict[str, str]]:
        """People who have not signed in yet: a number of an authenticator is good once."""
        taken, self.people = self.people[:count], self.people[count:]
        assert len(taken) == count, "more people are needed than were made"
        return taken

    def processor_seconds(self) -> tuple[float, float]:
        """Used so far by IDM's server, and by a database that is a program of its own."""
        server = processor_seconds(family_of(self.programs.process_id("idm")))
        if self.database is None:
            return server, 0.0
        return server, processor_seconds(family_of(self.database.process_id))

    def ask(self, module: str, *words: str, program: str = "idm") -> Any:
        """What `python -m bench.<module>`, a process of IDM or SPOT beside the server, printed as JSON."""
        done = subprocess.run(
            [sys.executable, "-m", f"bench.{module}", *words],
            env=self.environment_of(program),
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"bench.{module} failed:\n{done.stderr[-3000:]}")
        return json.loads(done.stdout)

    @property
    def environment(self) -> dict[str, str]:
        """IDM's, for another process of the same program."""
        return self.environment_of("idm")

    def environment_of(self, program: str) -> dict[str, str]:
        """The same of "idm" or "spot"."""
        settings = {"DJANGO_SETTINGS_MODULE": f"bailiwick.{program}.site.settings"}
        return self.programs.world.environment(program) | settings

    @contextlib.contextmanager
    def bare_server(self, middleware: str) -> Iterator[tuple[str, Child]]:
        """A Django that does nothing, under IDM's server and settings; `middleware`: "idm" or "none"."""
        port = free_port()
        world = self.programs.world
        command = [sys.executable, "-m", "bench.bare", str(port)]
        environment = self.environment | {
            "DJANGO_SETTINGS_MODULE": "bench.bare_settings",
            "BENCH_MIDDLEWARE": middleware,
            "PYTHONPATH": str(REPOSITORY),
        }
        child = Child("bare", command, environment, world.directory / "logs" / f"bare-{middleware}.log")
        with on_core(self.cores.measured):
            child.start()
        try:
            _wait_for(child, f"127.0.0.1:{port}")
            yield f"localhost:{port}", child
        finally:
            child.kill()


def _wait_for(child: Child, address: str) -> None:
    for _ in range(600):
        if is_healthy(address):
            return
        if not child.wait(0.1):
            continue
        break
    raise RuntimeError("the bare server does not answer:\n" + "\n".join(child.last_lines(30)))


@contextlib.contextmanager
def stand(engine: str, *, people: int) -> Iterator[Stand]:
    """IDM, SPOT and the bureau on the measured core; the asking thread on the other. The workers rest."""
    with contextlib.ExitStack() as undo:
        found, database = cores(), None
        with on_core(found.measured):
            if engine == "postgresql":
                database = undo.enter_context(PrivatePostgreSQL(DURABLE))
                undo.enter_context(_variable(URL_VARIABLE, database.url()))
            programs = undo.enter_context(Programs(engine))
        for worker in ("idm-worker", "spot-worker"):
            programs.stop(worker)
        undo.enter_context(on_core(found.asking))
        ready = Stand(engine, programs, database, found)
        ready.people = ready.ask("seeding", str(people))
        yield ready


@contextlib.contextmanager
def _variable(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before
