"""A person at a browser without scripts, as an HTTP client: reads forms, keeps cookies, follows redirects one by one.

`after_post` is called when a form was answered, `before_hop` before each redirect is followed: there a test kills.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urljoin

import httpx
import pyotp

from tests.faults.cast import Facts
from tests.faults.page import Page, Pairs, read
from tests.programs import Programs

CODE = re.compile(r"\b(\d{6})\b")
STEP_SECONDS = 30
MOST_HOPS = 12
PATIENCE_SECONDS = 60.0
UNAVAILABLE = 503
REDIRECTS = {301, 302, 303, 307, 308}


@dataclass
class Book:
    """What the programs have acknowledged: it has to be there for ever after."""

    accounts: set[str] = field(default_factory=set)
    requests: dict[str, str] = field(default_factory=dict)
    ended_roles: set[str] = field(default_factory=set)


@dataclass
class Sent:
    """A form as it went out: what a browser sends again when somebody presses Reload."""

    url: str
    pairs: Pairs


class Person:
    """One person in one browser. `trail`: every address asked for or pointed to; `bodies`: every answer."""

    def __init__(self, programs: Programs, book: Book, facts: Facts, *, source: str = "") -> None:
        self.programs, self.book, self.facts = programs, book, facts
        self.password, self.authenticator = facts.password, ""
        # Whether what got no answer is asked again, the same as before, as people do.
        self.is_patient = False
        self.codes: list[str] = []
        self.trail: list[str] = []
        self.bodies: list[str] = []
        self.after_post: Callable[[], None] = lambda: None
        self.before_hop: Callable[[], None] = lambda: None
        self.page: Page = Page("", 0, {}, "")
        self.sent = Sent("", [])
        self._last_step = 0
        # Where a test moves the programs' clock, the authenticator goes by that one.
        self.clock: Callable[[], float] = time.time  # noqa: TID251 - the authenticator's own clock
        # What else was typed or sent that nobody may read: what it is, and the value.
        self.also: dict[str, str] = {}
        self.source = source
        headers = {"Accept": "text/html", "Accept-Language": "en"}
        if source:
            headers["X-Forwarded-For"] = source
        # A connection of its own for each request: a killed program leaves none half open.
        self.http = httpx.Client(
            timeout=PATIENCE_SECONDS,
            headers=headers,
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
            # No TLS here; reading the certificates of the world took as long as several pages, for each browser anew.
            verify=False,
        )

    # What one does on any page.

    def go(self, address: str) -> Page:
        """Open an address (or a path of IDM's) and follow where it leads."""
        self._take(self._ask("GET", urljoin(self.programs.idm_url, address)))
        return self.follow()

    def press(self, *names: str, to: str = "", **typed: str) -> Page:
        """Fill in and send the form that has these fields and buttons (or leads there), and follow where it leads."""
        form = self.page.form(*names, *typed, to=to)
        return self.send(Sent(form.action, form.filled(**typed)))

    def send(self, what: Sent) -> Page:
        """Send a form, also one that was sent before."""
        self.sent = what
        self._take(self._ask("POST", what.url, data=_multi(what.pairs)))
        self.after_post()
        return self.follow()

    def attach(self, name: str, file: tuple[str, bytes], **typed: str) -> Page:
        """Fill in and send the form that has these fields, with a file (its name and content) in the field `name`."""
        form = self.page.form(name, *typed)
        pairs = [pair for pair in form.filled(**typed) if pair[0] != name]
        self._take(self._ask("POST", form.action, data=_multi(pairs), files={name: file}))
        return self.follow()

    def follow(self) -> Page:
        """Follow redirects to a page."""
        for _ in range(MOST_HOPS):
            if self.page.status not in REDIRECTS:
                return self.page
            self.before_hop()
            self._take(self._ask("GET", urljoin(self.page.url, self.page.headers["location"])))
        raise AssertionError(f"redirected for ever: {self.trail[-MOST_HOPS:]}")

    def post_once(self, what: Sent) -> int:
        """Send a form and follow nothing: the status, or 0 where no answer came."""
        try:
            return self._ask("POST", what.url, data=_multi(what.pairs)).status_code
        except httpx.HTTPError:
            return 0

    def tab(self) -> "Person":
        """Another tab of the same browser, for use at the same time."""
        other = Person(self.programs, self.book, self.facts, source=self.source)
        other.password, other.authenticator, other.trail = self.password, self.authenticator, self.trail
        other.clock = self.clock
        other.http.cookies.update(self.http.cookies)
        return other

    def forget_browser(self) -> None:
        """As in another browser: no cookie is left."""
        self.http.cookies.clear()

    def close(self) -> None:
        self.http.close()

    def _ask(self, method: str, url: str, **content: object) -> httpx.Response:
        self.trail.append(url)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self.http.request(method, url, **content)
            except httpx.TransportError:
                if not self.is_patient or time.monotonic() > deadline:
                    raise
            else:
                if answer.status_code != UNAVAILABLE or not self.is_patient or time.monotonic() > deadline:
                    return answer
            time.sleep(0.2)

    def _take(self, answer: httpx.Response) -> None:
        if "location" in answer.headers:
            self.trail.append(answer.headers["location"])
        self.bodies.append(answer.text)
        self.page = read(str(answer.url), answer.status_code, dict(answer.headers), answer.text)
        assert self.page.status < 500 or self.page.status == UNAVAILABLE, str(self.page)

    # What one has in one's pocket.

    def use_up_this_step(self) -> None:
        """The authenticator's number of this half minute was used already, elsewhere."""
        self._last_step = int(self.clock()) // STEP_SECONDS

    def fresh_number(self) -> str:
        """What the authenticator shows: a number not used before, at most one step ahead of the clock."""
        while True:
            now = int(self.clock()) // STEP_SECONDS
            step = max(now, self._last_step + 1)
            if step <= now + 1:
                self._last_step = step
                number = pyotp.TOTP(self.authenticator).at(step * STEP_SECONDS)
                self.codes.append(number)
                return number
            time.sleep(0.5)

    def mailed_codes(self) -> list[str]:
        """The one-time codes in the mailbox, the newest first."""
        address = f"{self.programs.idm_url}/mailbox.json"
        mails = self._ask("GET", address, params={"to": self.facts.email}).json()
        return [CODE.search(mail["text"])[1] for mail in mails if CODE.search(mail["text"])]

    def wait_for_code(self, already: int, *, seconds: float = 90) -> str:
        """The code that comes after there were `already`."""
        deadline = time.monotonic() + seconds
        while len(codes := self.mailed_codes()) <= already:
            assert time.monotonic() < deadline, f"no code came to {self.facts.email}"
            time.sleep(0.1)
        self.codes.append(codes[0])
        return codes[0]


def _multi(pairs: Pairs) -> dict[str, list[str]]:
    multi: dict[str, list[str]] = {}
    for name, value in pairs:
        multi.setdefault(name, []).append(value)
    return multi
