"""IDM's own server, a process of its own on this test's database, and browsers that reach it over a socket.

What the test writes is committed (`django_db(transaction=True)`), or the server would not see it. On PostgreSQL the server
logs in as its web role, behind the second wall, as in production.
"""

import io
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import httpx
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from bailiwick.command.ports import free_port
from bailiwick.command.supervising import is_healthy
from bailiwick.command.world import World

READY_WITHIN_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """As much of a response as tests read of Django's own."""

    status_code: int
    content: bytes
    headers: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.headers[name]

    def json(self) -> object:
        return json.loads(self.content)


class Browser:
    """Django's test client, as far as it is used, over a socket: the server checks its CSRF token, too."""

    def __init__(self, url: str, cookies: Mapping[str, str]) -> None:
        self._token = secrets.token_hex(16)
        self._http = httpx.Client(
            base_url=url,
            cookies={**cookies, settings.CSRF_COOKIE_NAME: self._token},
            headers={"Accept": "text/html", "Accept-Language": "en"},
            timeout=60,
            trust_env=False,
        )

    def get(self, path: str, data: Mapping[str, str] | None = None, *, follow: bool = False) -> Answer:
        return self._follow(self._http.get(path, params=data), follow=follow)

    def post(self, path: str, data: Mapping[str, str], *, follow: bool = False) -> Answer:
        typed = {**data, "csrfmiddlewaretoken": self._token}
        return self._follow(self._http.post(path, data=typed), follow=follow)

    def _follow(self, answer: httpx.Response, *, follow: bool) -> Answer:
        while follow and answer.is_redirect:
            answer = self._http.get(
                urlsplit(answer.headers["Location"])._replace(scheme="", netloc="").geturl()
            )
        return Answer(answer.status_code, answer.content, answer.headers)


@dataclass(frozen=True)
class Server:
    url: str

    def browser(self, client: Client) -> Browser:
        """The same person as at a test client, over the socket."""
        return Browser(self.url, {name: morsel.value for name, morsel in client.cookies.items()})

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """A machine's POST: a form in the body, no cookie."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = httpx.post(
            self.url + path, content=urlencode(form), headers=kind, timeout=60, trust_env=False
        )
        return Answer(answer.status_code, answer.content, answer.headers)


@contextmanager
def served(directory: Path) -> Iterator[Server]:
    """The server as `bailiwick run` would start it, on this test's database, with this process's keys and settings."""
    call_command("database_roles", verbosity=0, stdout=io.StringIO())
    given = {
        **os.environ,
        "IDM_DATABASE_URL": _database(),
        "IDM_APPLICATION_VALUES": json.dumps(settings.APPLICATION_VALUES),
        "IDM_KEYS_FILE": str(settings.ENVIRONMENT.keys_file),
    }
    port = free_port()
    world = World(directory / "world", dict.fromkeys(("idm", "spot", "bureau"), port), given)
    world.lay_out()
    child = next(child for child in world.servers() if child.name == "idm")
    child.start()
    try:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not is_healthy(world.address("idm")):
            assert child.is_running, "\n".join(child.last_lines(30))
            assert time.monotonic() < deadline, "\n".join(child.last_lines(30))
            time.sleep(0.1)
        yield Server(f"http://{world.address('idm')}")
    finally:
        child.kill()


def _database() -> str:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite://{name}"
    return f"{os.environ['IDM_DATABASE_URL'].rpartition('/')[0]}/{name}"
