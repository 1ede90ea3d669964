"""Questions to another program over HTTP: signed, bounded in time and size, sent again while it is away (V-6, SR-34).

What cannot be read as an answer is no answer. Nothing of what was sent or received is ever logged.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import structlog

from bailiwick.ground.program.breaker import Breaker

logger = structlog.get_logger(__name__)

Read = TypeVar("Read")

SHORTEST_SECRET = 32
LARGEST_ANSWER = 16_384
# Waits before each further sending: short, because a person is watching the page.
PAUSES = (0.25, 1.0)
TIMES = httpx.Timeout(connect=2.0, read=4.0, write=2.0, pool=2.0)
# No sending begins, and no answer is read on, after so many seconds: two time-outs, or an answer that trickles in
# byte by byte within every single one.
LONGEST = 9.0
PASSING = frozenset({429, 502, 503, 504})


class NoAnswerError(Exception):
    """The other side did not answer this sending."""


class MalformedAnswer(Exception):
    """Not an answer of the protocol. Its text names the place only, never a value."""


@dataclass(frozen=True)
class Way:
    """Where questions go and how they are signed. `name`: what the headers begin with, as in `Bureau-Key`."""

    name: str
    url: str
    path: str
    key_id: str
    secret: str = field(repr=False)


class Asking:
    """Asks one program, over one way. Safe in several threads."""

    def __init__(
        self,
        way: Way,
        *,
        breaker: Breaker | None = None,
        pauses: tuple[float, ...] = PAUSES,
        times: httpx.Timeout = TIMES,
    ) -> None:
        self._way = way
        self.url = way.url.rstrip("/") + way.path
        self._path = httpx.URL(self.url).raw_path.decode()
        self._breaker = breaker or Breaker()
        self._pauses = pauses
        self._times = times
        self._client: httpx.Client | None = None
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<{self._way.name} at {self.url}>"

    @property
    def is_away(self) -> bool:
        """Whether a question now would get no answer: known without asking."""
        return self._breaker.is_open

    def answer(
        self,
        body: bytes,
        read: Callable[[bytes], Read],
        *,
        at: datetime,
        longest: float = LONGEST,
        largest: int = LARGEST_ANSWER,
    ) -> Read | None:
        """What `read` makes of the answer; None where there is none, or `read` raises MalformedAnswer.

        `at` dates the signature; `longest` in seconds, `largest` in bytes.
        """
        if not self._breaker.lets_through():
            return None
        try:
            found = self._ask(body, read, at=at, end=time.monotonic() + longest, largest=largest)
        except NoAnswerError:
            self._breaker.report(answered=False)
            return None
        except MalformedAnswer as problem:
            # The other side lives: one question that it cannot take must not close the way for all.
            self._breaker.report(answered=True)
            logger.warning("answered out of protocol", by=self._way.name, problem=str(problem))
            return None
        self._breaker.report(answered=True)
        return found

    def _ask(
        self, body: bytes, read: Callable[[bytes], Read], *, at: datetime, end: float, largest: int
    ) -> Read:
        """Send, and send again while the other side is away. Raises NoAnswerError, MalformedAnswer."""
        headers = self._signed(body, timestamp=str(int(at.timestamp())))
        for pause in (0.0, *self._pauses):
            if time.monotonic() + pause >= end:
                break
            time.sleep(pause)
            try:
                return read(self._send(body, headers, end, largest))
            except NoAnswerError as problem:
                logger.warning("did not answer", by=self._way.name, problem=str(problem))
        raise NoAnswerError

    def _send(self, body: bytes, headers: dict[str, str], end: float, largest: int) -> bytes:
        """One sending. httpx's own words can hold what was received; only the kind of problem is passed on."""
        try:
            with self._open_client().stream("POST", self.url, content=body, headers=headers) as response:
                return _read(response, end, largest)
        except httpx.TransportError as problem:
            raise NoAnswerError(type(problem).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            raise MalformedAnswer(type(problem).__name__) from None

    def _signed(self, body: bytes, *, timestamp: str) -> dict[str, str]:
        way = self._way
        text = "\n".join(("v1", way.key_id, "POST", self._path, timestamp, hashlib.sha256(body).hexdigest()))
        signature = hmac.new(way.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            f"{way.name}-Key": way.key_id,
            f"{way.name}-Timestamp": timestamp,
            f"{way.name}-Signature": f"v1={signature}",
        }

    def _open_client(self) -> httpx.Client:
        # Opened at the first question, not at start: a web server forks its workers after reading the settings.
        with self._lock:
            if self._client is None:
                # Proxies named in the environment never see personal facts; a redirect is not an answer.
                self._client = httpx.Client(timeout=self._times, follow_redirects=False, trust_env=False)
            return self._client


def _read(response: httpx.Response, end: float, largest: int) -> bytes:
    if response.status_code in PASSING:
        raise NoAnswerError(f"status {response.status_code}")
    if response.status_code != httpx.codes.OK:
        raise MalformedAnswer(f"status {response.status_code}")
    if response.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise MalformedAnswer("content type")
    answer = bytearray()
    # Raw: a compressed answer was not asked for, and is not unpacked into memory.
    for piece in response.iter_raw():
        answer += piece
        if len(answer) > largest:
            raise MalformedAnswer("too large")
        if time.monotonic() >= end:
            raise NoAnswerError("too slow")
    return bytes(answer)


def key_in(setting: str, text: str, *, lonely_id: str) -> tuple[str, str]:
    """Key id and secret of `<key id>:<secret>`, or of the secret alone. Raises ValueError, with a sentence."""
    key_id, _, secret = text.strip().rpartition(":")
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(
            f"{setting} is <key id>:<secret>, with a secret of {SHORTEST_SECRET} characters or more."
        )
    return key_id or lonely_id, secret


def demand_safe(setting: str, url: str, *, development: bool) -> None:
    """Raises ValueError, with a sentence, for an address that cannot work or is not safe."""
    parts = urlsplit(url)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.query
        or parts.fragment
        or parts.username
    ):
        raise ValueError(f"{setting} is an address like https://vendor.example.")
    if parts.scheme == "http" and not development:
        raise ValueError(
            f"{setting} starts with https:// outside a development run: it carries personal facts."
        )
