"""The real bureau, as a process of its own on a free port, asked over HTTP."""

import contextlib
import os
import re
import sys
import tempfile
import time
import tomllib
from datetime import date
from pathlib import Path
from uuid import uuid4

import httpx

from bailiwick.bureau import people
from bailiwick.command.children import Child
from bailiwick.command.ports import free_port
from bailiwick.idm.proofing.vendors.port import Home, VerificationRequest

KEY_ID = "idm-1"
SECRET = "a-secret-that-only-tests-know-0123456789"
READY_WITHIN_SECONDS = 60
PEOPLE_FILE = Path(people.__file__).with_name("people.toml")


class Bureau:
    """One bureau on one port with one database, which can be killed and started again."""

    def __init__(self, directory: Path, people: Path | None = None) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._directory = directory
        others = ("IDM_", "SPOT_", "BUREAU_", "DJANGO_SETTINGS_MODULE")
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith(others)
        } | {
            "BUREAU_DEVELOPMENT": "true",
            "BUREAU_KEY": f"{KEY_ID}:{SECRET}",
            "BUREAU_STATE_DIRECTORY": str(directory),
            "BUREAU_EXTRA_HOSTS": "127.0.0.1",
            "BUREAU_PEOPLE_FILE": str(people or PEOPLE_FILE),
        }
        self._command = [sys.executable, "-m", "bailiwick.command", "bureau"]
        migrating = Child(
            "migrate", [*self._command, "migrate"], self._environment, directory / "migrate.log"
        )
        migrating.start()
        assert migrating.wait(READY_WITHIN_SECONDS), "the bureau's database could not be made"
        migrating.kill()
        self._serving: Child | None = None

    def start(self) -> None:
        """Answers when this returns."""
        command = [*self._command, "serve", "--port", str(self.port)]
        self._serving = Child("bureau", command, self._environment, self._directory / "serve.log")
        self._serving.start()
        _wait_until_ready(self.address, self._serving)

    def wait_for_a_free_thread(self) -> None:
        """Until somebody who hangs has let one go."""
        _wait_until_ready(self.address, self._serving)

    def kill(self) -> None:
        """As a machine that loses power: nothing is finished."""
        if self._serving is not None:
            self._serving.kill()


@contextlib.contextmanager
def running_bureau():
    """Its address while it runs; nothing is left of it afterwards."""
    with running() as bureau:
        yield bureau.address


@contextlib.contextmanager
def running(people: Path | None = None):
    """The same, as something that can be killed."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-test-bureau-") as directory:
        bureau = Bureau(Path(directory), people)
        try:
            bureau.start()
            yield bureau
        finally:
            bureau.kill()


def _wait_until_ready(address, serving):
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{address}/readyz", trust_env=False, verify=False).status_code == httpx.codes.OK:
                return
        assert serving.is_running, f"the bureau ended: {serving.log.read_text()[-2000:]}"
        time.sleep(0.05)
    raise AssertionError("the bureau did not get ready")


def question_about(listed, /, *, now, **changes):
    """What IDM asks about somebody of the bureau's file."""
    everybody = tomllib.loads(PEOPLE_FILE.read_text(encoding="utf-8"))["person"]
    entry = next(person for person in everybody if person["last_name"] == listed)
    facts = {
        "request_id": uuid4(),
        "asked_at": now,
        "first_name": entry["first_name"],
        "middle_name": "",
        "last_name": entry["last_name"],
        "suffix": "",
        "ssn": entry["ssn"].replace("-", ""),
        "birth_date": date.fromisoformat(entry["birth_date"]),
        "home": Home(**entry["address"]),
        "phone": entry["phone"],
    }
    return VerificationRequest(**(facts | changes))


def agent_marks(address, reference, *, cleared):
    """The phone agent finds the review and presses a button, as a browser would."""
    with httpx.Client(base_url=address, follow_redirects=True, trust_env=False) as browser:
        found = browser.post(
            "/agent/", data={"reference": reference.lower(), **_tokens(browser.get("/agent/"))}
        )
        assert found.status_code == httpx.codes.OK, found.text
        marked = browser.post(
            f"/agent/{reference}/", data={"cleared": "yes" if cleared else "no", **_tokens(found)}
        )
        assert marked.status_code == httpx.codes.OK, marked.text


def _tokens(page):
    return {
        "csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text).group(1)
    }
