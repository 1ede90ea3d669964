"""Texts and calls by a provider's REST API: the contract of docs/phone-provider.md, against a double over real HTTP."""

import base64
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs

import httpx
import pytest

from bailiwick.ground.outbox import channels, phones
from bailiwick.ground.outbox.delivery import (
    Parcel,
    TryLaterError,
    UndeliverableError,
    deliver_due,
)
from bailiwick.ground.outbox.models import Message
from bailiwick.ground.outbox.sealing import seal

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
FROM = "+13015550100"


@dataclass
class Provider:
    """Takes forms as a provider does: known to it by name and word, each Idempotency-Key sent once."""

    answers: list[tuple[int, dict[str, str], object]] = field(default_factory=list)
    taken: list[dict[str, str]] = field(default_factory=list)
    seen: list[dict[str, str]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    port: int = 0

    def answer(self, headers: dict[str, str], form: dict[str, str]) -> tuple[int, dict[str, str], object]:
        self.seen.append(headers)
        if headers.get("Authorization") != "Basic " + base64.b64encode(b"AC1:s3cret").decode():
            return 401, {}, {"code": 20003}
        if self.answers:
            return self.answers.pop(0)
        key = headers["Idempotency-Key"]
        if key not in self.keys:
            self.keys[key] = f"SM{len(self.taken)}"
            self.taken.append(form)
        return 201, {}, {"sid": self.keys[key], "status": "queued"}


@pytest.fixture
def provider() -> Iterator[Provider]:
    double = Provider()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            status, headers, said = double.answer(dict(self.headers), {**form, "path": self.path})
            text = json.dumps(said).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    double.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield double
    server.shutdown()
    thread.join()


@pytest.fixture
def unused_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def deployment(port: int, word: str = "s3cret") -> SimpleNamespace:
    base = f"http://AC1:{word}@127.0.0.1:{port}/2010-04-01/Accounts/AC1"
    return SimpleNamespace(
        sms_url=f"{base}/Messages.json",
        voice_url=f"{base}/Calls.json",
        phone_from=FROM,
        smtp_url="",
        mailbox_url="",
    )


def parcel(
    to: str = "3015550123", text: str = "123456 is your code.\n", channel: str = "sms", key: str = "k1"
):
    return Parcel(key, channel, "sign_in_text", to, "", {"text": text, "html": ""}, NOON)


def test_a_text_is_one_form(provider):
    """Number with country, sender and body, under name and word. [N-3]"""
    phones.texts(deployment(provider.port))(parcel())
    assert provider.taken == [
        {
            "To": "+13015550123",
            "From": FROM,
            "Body": "123456 is your code.",
            "path": "/2010-04-01/Accounts/AC1/Messages.json",
        }
    ]


def test_a_call_says_its_text_twice_behind_the_extension(provider):
    """The digits of the extension are sent after the answer; markup in the text stays text. [N-3, S-3]"""
    phones.calls(deployment(provider.port))(parcel("3015550177;ext=1207", "Code <1, 2> & so on", "voice"))
    taken = provider.taken[0]
    assert (taken["To"], taken["SendDigits"]) == ("+13015550177", "wwww1207")
    assert taken["Twiml"].count("<Say>Code &lt;1, 2&gt; &amp; so on</Say>") == 2
    phones.calls(deployment(provider.port))(parcel("3015550177", "One", "voice", key="k2"))
    assert "SendDigits" not in provider.taken[1]


def test_a_repetition_carries_the_same_key(provider):
    """Tried again after an answer got lost, the text is sent once. [N-1]"""
    send = phones.texts(deployment(provider.port))
    send(parcel())
    send(parcel())
    send(parcel(key="k2"))
    assert len(provider.taken) == 2
    assert provider.seen[0]["Idempotency-Key"] == provider.seen[1]["Idempotency-Key"]


@pytest.mark.parametrize("status", [400, 402, 410, 422])
def test_a_refused_message_is_set_aside(provider, status):
    """What the provider will never take is not tried again; its words, which name the number, are not kept. [N-1]"""
    provider.answers = [(status, {}, {"code": 21211, "message": "3015550123 is not valid"})]
    with pytest.raises(UndeliverableError) as refused:
        phones.texts(deployment(provider.port))(parcel())
    assert str(refused.value) == f"refused by the provider: {status} 21211"


@pytest.mark.parametrize("status", [401, 403, 404, 408, 429, 500, 502, 503])
def test_what_is_not_the_messages_fault_is_tried_again(provider, status):
    """A wrong word, a limit, a fault over there: the message waits. [N-1]"""
    provider.answers = [(status, {}, "not json")]
    with pytest.raises(TryLaterError) as later:
        phones.texts(deployment(provider.port))(parcel())
    assert later.value.after is None
    phones.texts(deployment(provider.port))(parcel())
    assert len(provider.taken) == 1


@pytest.mark.parametrize(
    ("told", "waited"),
    [("7", 7), ("99999999999", 600), ("-5", None), ("soon", None), ("", None), ("٣", None)],
)
def test_the_provider_says_how_long_to_wait(provider, told, waited):
    """Retry-After in seconds, ten minutes at most; nonsense is no wait. [N-1]"""
    answer = httpx.Response(429, headers=[(b"Retry-After", told.encode())])
    found = phones.wait_of(answer)
    assert found == (None if waited is None else timedelta(seconds=waited))


def test_a_wrong_word_is_tried_again(provider):
    """The operator corrects the setting, and what waits is delivered. [N-1]"""
    with pytest.raises(TryLaterError):
        phones.texts(deployment(provider.port, word="wrong"))(parcel())


def test_a_redirect_takes_no_code_elsewhere(provider):
    """A code goes where the setting says, and nowhere a redirect points to. [SSRF]"""
    provider.answers = [(307, {"Location": "http://127.0.0.1:1/"}, "")]
    with pytest.raises(TryLaterError):
        phones.texts(deployment(provider.port))(parcel())


def test_a_provider_that_is_away_is_tried_again(unused_port):
    """No connection: an error that the outbox retries. [N-1]"""
    with pytest.raises(httpx.HTTPError):
        phones.texts(deployment(unused_port))(parcel())


@pytest.mark.parametrize("to", ["", "robin@example.org", "30155;ext=x", "３０１５５５０１２３", "301;555"])
def test_what_is_no_number_is_not_dialed(provider, to):
    """It is set aside before anything is asked. [N-3]"""
    with pytest.raises(UndeliverableError):
        phones.calls(deployment(provider.port))(parcel(to, channel="voice"))
    assert not provider.seen


@pytest.mark.django_db
def test_the_outbox_waits_as_long_as_the_provider_asks(provider, settings, monkeypatch):
    """Retry-After moves the next try, and the text arrives then. [N-1]"""
    for name, value in vars(deployment(provider.port)).items():
        monkeypatch.setattr(settings.ENVIRONMENT, name, value)
    _waiting_text()
    provider.answers = [(429, {"Retry-After": "300"}, {})]
    deliver_due(NOON, channels=channels.channels(), clock=lambda: NOON)
    row = Message.objects.get(key="text:1")
    assert row.next_try_at == NOON + timedelta(seconds=300)
    later = NOON + timedelta(seconds=301)
    deliver_due(later, channels=channels.channels(), clock=lambda: later)
    assert provider.taken[0]["To"] == "+13015550123"
    row.refresh_from_db()
    assert (row.state, bytes(row.body)) == ("done", b"")


@pytest.mark.django_db
def test_a_code_that_is_void_is_not_sent(provider, settings, monkeypatch):
    """What was good until then is set aside afterwards, and wiped. [N-1, numbers]"""
    for name, value in vars(deployment(provider.port)).items():
        monkeypatch.setattr(settings.ENVIRONMENT, name, value)
    _waiting_text()
    later = NOON + timedelta(minutes=10)
    deliver_due(later, channels=channels.channels(), clock=lambda: later)
    row = Message.objects.get(key="text:1")
    assert (row.state, bytes(row.body)) == ("failed", b"")
    assert not provider.seen


def _waiting_text() -> None:
    Message.objects.create(
        key="text:1",
        channel="sms",
        kind="sign_in_text",
        to="3015550123",
        body=seal(json.dumps({"text": "123456 is your code.", "html": ""}), key="text:1"),
        is_secret=True,
        created_at=NOON,
        next_try_at=NOON,
        good_until=NOON + timedelta(minutes=10),
    )
