"""A whole world on one machine: a directory, three ports, the environment and the children of every program.

`bailiwick run` starts one in `var/demo`, each browser test one in a directory of its own. What the caller's
environment says about a program (`IDM_…`, `SPOT_…`, `BUREAU_…`) wins over what stands here.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bailiwick.command.children import Child
from bailiwick.command.ports import Unusable
from bailiwick.command.programs import PROGRAMS
from bailiwick.ground.program.database_roles import roles_of
from bailiwick.spot.identity.client import create_development_client_key

MARKER = "fictitious-world.txt"
LINES_OF_A_FAILURE = 20
WORKERS = ("idm", "spot")
WITH_PEOPLE = ("spot", "idm")


@dataclass(frozen=True)
class World:
    """`ports` by program name; `given` is the environment that the caller brings along."""

    directory: Path
    ports: Mapping[str, int]
    given: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))

    def url(self, program: str) -> str:
        # IDM on the name `localhost`: passkeys want it.
        return f"http://localhost:{self.ports[program]}"

    def address(self, program: str) -> str:
        """Where the server listens, as `host:port`."""
        return f"127.0.0.1:{self.ports[program]}"

    @property
    def people_file(self) -> Path:
        """The fictitious people with passwords and authenticator secrets."""
        return self.directory / "people.txt"

    def lay_out(self) -> None:
        """Make the directory: its marker, and the keys by which the programs know each other."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o700)
        (self.directory / MARKER).write_text(
            "Everything here is fictitious; `make run FRESH=1` removes it.\n"
        )
        secret = self.directory / "bureau.key"
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(f"idm:{secrets.token_urlsafe(32)}")
        create_development_client_key(self._client_key)

    def start_over(self) -> None:
        """Remove the directory with all its data. Raises Unusable where it is not this world's own."""
        for name in WITH_PEOPLE:
            variable = f"{name.upper()}_DATABASE_URL"
            if self.given.get(variable):
                raise Unusable(
                    f"FRESH=1 removes what lies in {self.directory}, not the database that {variable} names: "
                    "drop and create that one yourself, then start without FRESH=1."
                )
        if not self.directory.exists():
            return
        if any(self.directory.iterdir()) and not (self.directory / MARKER).exists():
            raise Unusable(
                f"{self.directory} was not made by `bailiwick run`; it stays. Choose another --directory."
            )
        shutil.rmtree(self.directory)

    def environment(self, program: str) -> dict[str, str]:
        """The environment of one program's processes."""
        prefix = f"{program.upper()}_"
        others = tuple(f"{name.upper()}_" for name in PROGRAMS if name != program)
        given = {name: value for name, value in self.given.items() if not name.startswith(others)}
        given.pop(PROGRAMS[program].port_variable, None)
        shared = {
            "DEVELOPMENT": "true",
            "BASE_URL": self.url(program),
            "EXTRA_HOSTS": "127.0.0.1",
            "STATE_DIRECTORY": str(self.directory),
            "KEYS_FILE": str(self.directory / f"{program}-keys.json"),
        }
        own = {prefix + name: value for name, value in (shared | self._own_settings(program)).items()}
        return {**own, **given, "PYTHONUNBUFFERED": "1"}

    def servers(self) -> list[Child]:
        """The web servers, in the order of starting; none runs yet."""
        return [
            self._child(name, name, "serve", "--port", str(self.ports[name]))
            for name in ("bureau", "idm", "spot")
        ]

    def workers(self) -> list[Child]:
        """The workers: to be started once the servers answer, for they call each other's."""
        return [self._child(f"{name}-worker", name, "work") for name in WORKERS]

    def prepare(self) -> None:
        """Migrate every database, make its roles, let the fictitious people in; keep what is there. Raises Unusable."""
        with ThreadPoolExecutor(max_workers=len(PROGRAMS)) as pool:
            list(pool.map(lambda name: self.manage(name, "migrate", "--verbosity", "0"), PROGRAMS))
            list(
                pool.map(lambda name: self.manage(name, "database_roles"), filter(self._has_roles, PROGRAMS))
            )
        for name in WITH_PEOPLE:
            self.manage(name, "demo")

    def manage(self, program: str, *words: str) -> str:
        """What a management command of one program printed. Raises Unusable, with that, where it fails."""
        done = subprocess.run(  # noqa: S603 - our own command line
            self._command(program, *words),
            env=self.environment(program),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            start_new_session=True,
        )
        if done.returncode:
            end = "\n".join(done.stdout.splitlines()[-LINES_OF_A_FAILURE:])
            raise Unusable(f"`bailiwick {program} {' '.join(words)}` failed:\n{end}")
        return done.stdout

    def _child(self, name: str, program: str, *words: str) -> Child:
        log = self.directory / "logs" / f"{name}.log"
        part = "worker" if "work" in words else "web"
        return Child(name, self._command(program, *words), self._environment_as(program, part), log)

    def _environment_as(self, program: str, part: str) -> dict[str, str]:
        """The environment, its login on PostgreSQL turned into the role of that part: only the owner changes tables."""
        environment = self.environment(program)
        if self._has_roles(program):
            variable = f"{program.upper()}_DATABASE_URL"
            url, role = environment[variable], quote(f"-c role={getattr(roles_of(program), part)}")
            environment[variable] = f"{url}{'&' if '?' in url else '?'}options={role}"
        return environment

    def _has_roles(self, program: str) -> bool:
        """Whether its database knows roles: PostgreSQL does, SQLite does not."""
        return self.given.get(f"{program.upper()}_DATABASE_URL", "").startswith("postgres")

    @staticmethod
    def _command(program: str, *words: str) -> list[str]:
        return [sys.executable, "-m", "bailiwick.command", program, *words]

    @property
    def _client_key(self) -> Path:
        return self.directory / "spot-client.json"

    def _own_settings(self, program: str) -> dict[str, str]:
        if program == "idm":
            public = self._client_key.with_suffix(".public.json")
            values = {"spot_url": self.url("spot"), "spot_keys_file": str(public)}
            return {
                # Redirect URIs are compared exactly: in this world they carry the ports that were chosen.
                "APPLICATION_VALUES": json.dumps(values),
                "BUREAU_URL": self.url("bureau"),
                "BUREAU_KEY": (self.directory / "bureau.key").read_text(),
            }
        if program == "spot":
            return {
                "IDM_URL": self.url("idm"),
                "CLIENT_KEY_FILE": str(self._client_key),
                "MAILBOX_URL": self.url("idm"),
            }
        return {"KEY": (self.directory / "bureau.key").read_text()}
