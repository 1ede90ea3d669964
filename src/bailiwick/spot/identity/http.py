"""The one way out of SPOT: to IDM's origin and nowhere else, with a deadline, a size limit, and no redirects (SR-34)."""

import json
import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import get_language

LARGEST_ANSWER = 262_144
CONNECT_SECONDS = 3.0
DEADLINE_SECONDS = 10.0
SERVER_ERRORS = 500


class UnansweredError(Exception):
    """IDM gave no answer that can be used: not reached, too slow, too large, an error of its own, or not understood."""


@dataclass(frozen=True)
class Answer:
    """What came back, below 500. `body` is complete and at most LARGEST_ANSWER bytes."""

    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """The JSON object in the body. Raises UnansweredError where there is none."""
        try:
            data = json.loads(self.body)
        except (ValueError, RecursionError):
            raise UnansweredError("not JSON") from None
        if not isinstance(data, dict):
            raise UnansweredError("not a JSON object")
        return data


@cache
def _client() -> httpx.Client:
    # The system's certificate store, and no proxy from the environment: the way out is the operator's, said in settings.
    return httpx.Client(
        verify=ssl.create_default_context(),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(DEADLINE_SECONDS, connect=CONNECT_SECONDS),
        headers={"User-Agent": "bailiwick-spot", "Accept": "application/json", "Accept-Encoding": "identity"},
    )


def origin(url: str) -> str:
    """Scheme, host and port of a URL; the port is always there, so that two spellings of one origin are equal."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    return f"{parts.scheme}://{parts.hostname}:{port}"


def ask(
    method: str,
    url: str,
    *,
    form: dict[str, str] | None = None,
    document: Any = None,
    bearer: str = "",
    deadline: float = DEADLINE_SECONDS,
) -> Answer:
    """Send one request and read the whole answer within `deadline` seconds. Raises UnansweredError."""
    if origin(url) != origin(settings.ENVIRONMENT.idm_url):
        raise UnansweredError("not IDM's origin")
    # What IDM says in words is read by whoever asks for this page.
    headers = {"Accept-Language": get_language() or "en"}
    headers |= {"Authorization": f"Bearer {bearer}"} if bearer else {}
    until = time.monotonic() + deadline
    try:
        request = _client().build_request(
            method,
            url,
            data=form,
            json=document,
            headers=headers,
            timeout=httpx.Timeout(deadline, connect=CONNECT_SECONDS),
        )
        response = _client().send(request, stream=True)
        try:
            body = _read(response, until)
        finally:
            response.close()
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise UnansweredError(type(error).__name__) from None
    if response.status_code >= SERVER_ERRORS or response.is_redirect:
        raise UnansweredError(f"status {response.status_code}")
    return Answer(response.status_code, body)


def _read(response: httpx.Response, until: float) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise UnansweredError("answer too large")
        if time.monotonic() > until:
            raise UnansweredError("answer too slow")
    return bytes(body)
