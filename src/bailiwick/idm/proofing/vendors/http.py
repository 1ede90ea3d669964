"""The vendor over HTTP: signed, bounded in time and size, sent again under the same request id, parsed strictly. (V-6)

The protocol is described in docs/proofing-vendor.md. Nothing here raises: what cannot be read is `Unavailable`.
"""

import hashlib
import hmac
import json
import time
from dataclasses import asdict
from threading import Lock

import httpx
import structlog

from bailiwick.idm.proofing.vendors.answers import MalformedAnswer, outcome_of
from bailiwick.idm.proofing.vendors.breaker import Breaker
from bailiwick.idm.proofing.vendors.port import VerificationRequest
from bailiwick.idm.rules.proofing import Outcome, Unavailable

logger = structlog.get_logger(__name__)

PATH = "/v1/verifications"
LARGEST_ANSWER = 16_384
# Waits before each further sending: short, because a person is watching the page.
PAUSES = (0.25, 1.0)
TIMES = httpx.Timeout(connect=2.0, read=4.0, write=2.0, pool=2.0)
# No sending begins, and no answer is read on, after so many seconds: two time-outs, or an answer that trickles in
# byte by byte within every single one.
LONGEST = 9.0
PASSING = frozenset({429, 502, 503, 504})


class NoAnswer(Exception):
    """The vendor did not answer this sending."""


class HttpVendor:
    """Asks a vendor that speaks the protocol of docs/proofing-vendor.md."""

    def __init__(
        self,
        *,
        url: str,
        key_id: str,
        secret: str,
        breaker: Breaker | None = None,
        pauses: tuple[float, ...] = PAUSES,
        times: httpx.Timeout = TIMES,
        longest: float = LONGEST,
    ) -> None:
        self._url = url.rstrip("/") + PATH
        self._path = httpx.URL(self._url).raw_path.decode()
        self._key_id = key_id
        self._secret = secret.encode()
        self._breaker = breaker or Breaker()
        self._pauses = pauses
        self._times = times
        self._longest = longest
        self._client: httpx.Client | None = None
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<HttpVendor at {self._url}>"

    def verify(self, request: VerificationRequest) -> Outcome:
        if not self._breaker.lets_through():
            return Unavailable()
        try:
            answer = self._ask(request)
        except NoAnswer:
            self._breaker.report(answered=False)
            return Unavailable()
        except MalformedAnswer as problem:
            # The vendor lives: one person whose question it cannot take must not close the way for all.
            self._breaker.report(answered=True)
            logger.warning("proofing vendor answered out of protocol", problem=str(problem))
            return Unavailable()
        self._breaker.report(answered=True)
        return answer

    @property
    def is_away(self) -> bool:
        return self._breaker.is_open

    def _ask(self, request: VerificationRequest) -> Outcome:
        """Send, and send again while the vendor is away. Raises NoAnswer, MalformedAnswer."""
        body = _body(request)
        headers = self._signed(body, timestamp=str(int(request.asked_at.timestamp())))
        end = time.monotonic() + self._longest
        for pause in (0.0, *self._pauses):
            if time.monotonic() + pause >= end:
                break
            time.sleep(pause)
            try:
                return outcome_of(self._send(body, headers, end), request)
            except NoAnswer as problem:
                logger.warning("proofing vendor did not answer", problem=str(problem))
        raise NoAnswer

    def _send(self, body: bytes, headers: dict[str, str], end: float) -> bytes:
        """One sending. httpx's own words can hold what was received; only the kind of problem is passed on."""
        try:
            with self._open_client().stream("POST", self._url, content=body, headers=headers) as response:
                return _read(response, end)
        except httpx.TransportError as problem:
            raise NoAnswer(type(problem).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            raise MalformedAnswer(type(problem).__name__) from None

    def _signed(self, body: bytes, *, timestamp: str) -> dict[str, str]:
        text = "\n".join(
            ("v1", self._key_id, "POST", self._path, timestamp, hashlib.sha256(body).hexdigest())
        )
        signature = hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Bureau-Key": self._key_id,
            "Bureau-Timestamp": timestamp,
            "Bureau-Signature": f"v1={signature}",
        }

    def _open_client(self) -> httpx.Client:
        # Opened at the first question, not at start: a web server forks its workers after reading the settings.
        with self._lock:
            if self._client is None:
                # Proxies named in the environment never see personal facts; a redirect is not an answer.
                self._client = httpx.Client(timeout=self._times, follow_redirects=False, trust_env=False)
            return self._client


def _read(response: httpx.Response, end: float) -> bytes:
    if response.status_code in PASSING:
        raise NoAnswer(f"status {response.status_code}")
    if response.status_code != httpx.codes.OK:
        raise MalformedAnswer(f"status {response.status_code}")
    if response.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise MalformedAnswer("content type")
    answer = b""
    # Raw: a compressed answer was not asked for, and is not unpacked into memory.
    for piece in response.iter_raw():
        answer += piece
        if len(answer) > LARGEST_ANSWER:
            raise MalformedAnswer("too large")
        if time.monotonic() >= end:
            raise NoAnswer("too slow")
    return answer


def _body(request: VerificationRequest) -> bytes:
    person = {
        "first_name": request.first_name,
        "middle_name": request.middle_name,
        "last_name": request.last_name,
        "suffix": request.suffix,
        "ssn": request.ssn,
        "birth_date": request.birth_date.isoformat(),
        "address": asdict(request.home),
        "phone": request.phone,
    }
    question = {"request_id": str(request.request_id), "reference": request.reference, "person": person}
    return json.dumps(question, sort_keys=True, separators=(",", ":")).encode()
