"""What no browser sends: one value or one trick at a time, and what every answer to it must be."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import quote, urlsplit

import httpx

from tests.faults.page import Pairs
from tests.faults.routes import Route

FORM = "application/x-www-form-urlencoded"
SCRIPT = "<script>alert(1)</script>"
# Written as they stand in a body or query, percent-encoded.
VALUES = {
    "NUL": "a%00b",
    "invalid UTF-8": "%ff%fe%c3%28",
    "half a surrogate": "%ed%a0%80",
    "ten kilobytes": "A" * 10_240,
    "huge number": "9" * 400,
    "number out of range": "99999999999999999999",
    "negative number": "-1",
    "control characters": "%01%02%1b%7f%0d%0aSet-Cookie:%20a=b",
    "invisible marks": "%e2%80%aea%e2%80%8b",
    "JSON": "%7b%22a%22%3a%5bnull%5d%7d",
    "quotes": "%27%22%3b--%20%5c",
    "template": "%7b%7b7*7%7d%7d%25s%7b0%7d",
    "script": quote(SCRIPT),
    "digits of elsewhere": "%d9%a1%d9%a2%d9%a3%d9%a4%d9%a5%d9%a6",
    "nothing": "",
    "blank": "%20%20",
}
PATHS = (
    "%00",
    "%ff%fe",
    "A" * 3_000,
    "..%2f..%2fetc%2fpasswd",
    "%0d%0aSet-Cookie:%20a=b",
    "%d9%a1",
    "-1",
    "99999999999999999999",
)
METHODS = ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "XYZZY")
HEADERS: dict[str, dict[str, str]] = {
    "another host": {"Host": "evil.example"},
    "broken host": {"Host": "[::1"},
    "forwarded": {
        "X-Forwarded-For": "not an address, 1.2.3.4",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "for=1.2.3.4;host=evil.example",
    },
    "broken cookies": {"Cookie": 'idm_session="\\"; spot_session==;;; idm_csrf=\x7f"; spot_signing_in=%00'},
    "cookies of others": {
        "Cookie": f"idm_session={'A' * 43}; spot_session={'A' * 43}; idm_registration={'A' * 43}"
    },
    "languages": {"Accept-Language": "xx-" + "y" * 500 + ";q=nan, *;q=9e999"},
    "bearer": {"Authorization": "Bearer " + "A" * 4_000},
    "basic": {"Authorization": "Basic %%%"},
    "htmx": {"HX-Request": "true", "HX-Current-URL": "javascript:alert(1)", "HX-Target": SCRIPT},
}
BODIES: dict[str, tuple[str, bytes]] = {
    "JSON as a form": (FORM, b'{"a": [1, 2]}'),
    "a form as JSON": ("application/json", b"user_id=a&password=b"),
    "deep JSON": ("application/json", b"[" * 50_000),
    "JSON that is no object": ("application/json", b"NaN"),
    "no multipart at all": ("multipart/form-data; boundary=x", b"\x00\xff" * 100),
    "multipart without boundary": ("multipart/form-data", b"--x"),
    "unknown charset": (f"{FORM}; charset=nonsense", b"user_id=a"),
    "another charset": (f"{FORM}; charset=utf-16", b"user_id=a\x00"),
    "too many fields": (FORM, b"&".join(b"a%d=1" % n for n in range(600))),
    "two megabytes": (FORM, b"user_id=" + b"A" * 2_000_000),
    "no content type": ("", b"user_id=a"),
}
REVEALING = re.compile(
    r"Traceback \(most recent|/site-packages/|bailiwick/(?:idm|spot|ground)/|django\.db|DoesNotExist|psycopg|sqlite3?\."
)
WANTED_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}

# A page whose address holds a token tells its address to nobody, not even to our own pages.
NO_ADDRESS_TOLD = {"same-origin", "strict-origin"}


@dataclass
class Actor:
    """Somebody who sends: a name for messages, their cookies by program, and their CSRF token by program."""

    name: str
    cookies: str = ""
    tokens: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Attack:
    """One request, and what to call it."""

    name: str
    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def looks(route: Route, known: dict[str, str]) -> Iterator[Attack]:
    """GETs: as it is, with a query of every kind, with a broken path, with every trick in the headers."""
    url = route.url(known)
    yield Attack("plain", "GET", url)
    names = (
        "next",
        "factor",
        "q",
        "state",
        "code",
        "client_id",
        "request",
        "page",
        "to",
        "signed-out",
        "idm",
        "from",
        "text",
        "days",
        "submitter_id",
    )
    for name, value in VALUES.items():
        query = "&".join(f"{one}={value}" for one in names)
        yield Attack(f"query of {name}", "GET", f"{url}?{query[:6000]}")
    yield Attack(
        "doubled parameters",
        "GET",
        f"{url}?client_id=a&client_id=b&next=/&next=//evil.example&state=1&state=2",
    )
    for broken, parameter in itertools.product(PATHS, route.parameters(known)):
        yield Attack(f"path of {broken[:10]}", "GET", route.url({**known, parameter: broken}))
    for name, headers in HEADERS.items():
        yield Attack(name, "GET", url, headers)


def acts(route: Route, known: dict[str, str], form: Pairs, token: str) -> Iterator[Attack]:
    """Everything that is no GET: other methods, broken bodies, and hostile values in a form sent with a valid token.

    `form`: the fields as the page holds them. Each value comes once in all fields, and once in one among good ones.
    """
    url, names = route.url(known), [name for name, _ in form]
    proof, plain = {"X-CSRFToken": token}, {"Content-Type": FORM}
    for method in METHODS:
        yield Attack(f"method {method}", method, url, proof | plain, b"" if method == "HEAD" else b"a=b")
    yield Attack("no token", "POST", url, plain, _body((name, "a") for name in names))
    for name, (kind, body) in BODIES.items():
        yield Attack(name, "POST", url, proof | ({"Content-Type": kind} if kind else {}), body)
    for at, (name, value) in enumerate(VALUES.items()):
        yield Attack(f"fields of {name}", "POST", url, proof | plain, _body((one, value) for one in names))
        bad = names[(at + len(url)) % len(names)]
        pairs = [(one, value if one == bad else quote(good)) for one, good in form]
        yield Attack(f"a field of {name}: {bad}", "POST", url, proof | plain, _body(pairs))
    twice = [
        (writing, value) for one in names for writing, value in ((one, "a"), (one, "b"), (f"{one}[]", "c"))
    ]
    yield Attack("doubled fields", "POST", url, proof | plain, _body(twice))


def _body(pairs: Iterable[tuple[str, str]]) -> bytes:
    return "&".join(f"{name}={value}" for name, value in pairs).encode()


class Sender:
    """Sends attacks as one actor and says what was wrong with the answers."""

    def __init__(self) -> None:
        self.http = httpx.Client(timeout=30, trust_env=False)
        self.count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def send(self, actor: Actor, attack: Attack) -> Iterator[str]:
        """Sentences about what is wrong with the answer."""
        headers = {"Cookie": actor.cookies, **attack.headers} if actor.cookies else attack.headers
        self.count += 1
        try:
            answer = self.ask(attack.method, attack.url, headers, attack.body)
        except httpx.TransportError as error:
            yield f"{attack.method} {attack.url[:160]} as {actor.name}, {attack.name}: no answer: {error}"
            return
        for finding in _wrong(answer, attack):
            yield f"{attack.method} {attack.url[:160]} as {actor.name}, {attack.name}: {finding}"

    def ask(self, method: str, url: str, headers: dict[str, str], body: bytes = b"") -> httpx.Response:
        """One request without memory of the last. Raises httpx.TransportError where there is no answer."""
        content = body or None
        try:
            answer = self.http.request(method, url, headers=headers, content=content)
        except httpx.TransportError:
            # After a refused body the server closes the connection, which may be found out only now.
            answer = self.http.request(method, url, headers=headers, content=content)
        self.http.cookies.clear()
        return answer


def _wrong(answer: httpx.Response, attack: Attack) -> Iterator[str]:
    if answer.status_code == 400 and "x-request-number" not in answer.headers:
        return  # refused by the web server itself: it never was a request
    kind = answer.headers.get("content-type", "")
    if answer.status_code >= 500:
        yield f"status {answer.status_code}"
    if shown := REVEALING.search(answer.text):
        yield f"the body reveals {shown[0]!r}"
    if "html" in kind and SCRIPT in answer.text:
        yield "the script stands in the page as it was sent"
    if "a" in answer.cookies:
        yield "a header was smuggled in"
    if "evil.example" in urlsplit(answer.headers.get("location", "")).netloc:
        yield f"leads to {answer.headers['location'][:80]}"
    yield from _headers_lack(answer, kind, attack)


def _headers_lack(answer: httpx.Response, kind: str, attack: Attack) -> Iterator[str]:
    path = urlsplit(attack.url).path
    if path.startswith("/mailbox/") and path.endswith("/html/"):
        return  # a development run's mail, shown in a frame of the same origin
    for name, value in WANTED_HEADERS.items():
        if answer.headers.get(name, "").lower() != value.lower():
            yield f"{name} is {answer.headers.get(name)!r}"
    if answer.headers.get("referrer-policy") not in NO_ADDRESS_TOLD:
        yield f"referrer-policy is {answer.headers.get('referrer-policy')!r}"
    if "html" in kind:
        policy = answer.headers.get("content-security-policy", "")
        if "default-src 'none'" not in policy or "unsafe" in policy:
            yield f"content-security-policy is {policy!r}"
        if "no-store" not in answer.headers.get("cache-control", ""):
            yield f"cache-control is {answer.headers.get('cache-control')!r}"
