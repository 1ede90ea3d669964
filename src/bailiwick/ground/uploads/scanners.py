"""The scan hook: which scanner looks at kept files before anybody can open them, and how it is asked. (docs/uploads.md)"""

import json
from enum import StrEnum
from typing import Protocol
from urllib.parse import urlsplit

import httpx
import structlog

from bailiwick.ground.uploads.rules import CONTENT_TYPES, Kind

logger = structlog.get_logger(__name__)

LARGEST_ANSWER = 4096
TIMES = httpx.Timeout(connect=5.0, read=60.0, write=30.0, pool=5.0)


class Verdict(StrEnum):
    """`none`: no answer that can be relied on; the file stays in quarantine and is shown to the scanner again."""

    CLEAN = "clean"
    INFECTED = "infected"
    NONE = "none"


class Scanner(Protocol):
    """Looks at one file, outside any transaction, and raises nothing."""

    def scan(self, data: bytes, *, kind: Kind) -> Verdict: ...


class HttpScanner:
    """Sends the file to a scanner and reads `{"verdict": "clean" | "infected"}`."""

    def __init__(self, *, url: str, key: str) -> None:
        self._url = url
        self._key = key

    def __repr__(self) -> str:
        return f"<HttpScanner at {self._url}>"

    def scan(self, data: bytes, *, kind: Kind) -> Verdict:
        headers = {"Content-Type": CONTENT_TYPES[kind], "Accept": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            with httpx.Client(timeout=TIMES, follow_redirects=False, trust_env=False) as client:
                answer = client.post(self._url, content=data, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            logger.warning("the scanner did not answer", problem=type(problem).__name__)
            return Verdict.NONE
        return _verdict(answer)


def _verdict(answer: httpx.Response) -> Verdict:
    try:
        if answer.status_code == httpx.codes.OK and len(answer.content) <= LARGEST_ANSWER:
            stated = json.loads(answer.content)
            if isinstance(stated, dict) and stated.get("verdict") in (Verdict.CLEAN, Verdict.INFECTED):
                return Verdict(stated["verdict"])
    except ValueError:
        pass
    logger.warning("the scanner answered out of protocol", status=answer.status_code)
    return Verdict.NONE


def scanner_at(*, url: str, key: str, development: bool) -> Scanner | None:
    """The scanner of a deployment; an empty `url` means that there is none. Raises ValueError with a sentence."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.fragment:
        raise ValueError("UPLOAD_SCANNER_URL is the scanner's address, like https://scanner.example/scan.")
    if parts.scheme == "http" and not development:
        raise ValueError("UPLOAD_SCANNER_URL starts with https:// outside a development run.")
    return HttpScanner(url=url, key=key)
