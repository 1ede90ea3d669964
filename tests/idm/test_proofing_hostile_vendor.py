"""A vendor that answers anything at all: IDM verifies nobody on it, follows it nowhere, and keeps its memory."""

import contextlib
import json
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground.program import clock
from bailiwick.ground.program.breaker import Breaker
from bailiwick.idm.proofing.vendors.answers import MalformedAnswer, outcome_of
from bailiwick.idm.proofing.vendors.http import HttpVendor
from bailiwick.idm.rules.proofing import Call, NotVerified, Unavailable, Verified
from tests.idm.build_bureau import KEY_ID, SECRET, question_about

GOOD_CALL = {
    "outcome": "call",
    "reference": "AC34-7HJK-9MNP",
    "reference_expires_at": "2026-04-01T12:00:00+00:00",
    "call_number": "202-555-0143",
}


class Vendor:
    """Answers every question with what `answer(request_id)` returns: status, headers, body. Counts the questions."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                vendor.asked.append(self.path)
                status, headers, answer = vendor.answer(json.loads(body)["request_id"])
                self.send_response(status)
                for name, value in {
                    "Content-Type": "application/json",
                    "Connection": "close",
                    **headers,
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(answer)

            do_GET = do_POST  # noqa: N815 - the name that http.server calls

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def stating(**values):
    return lambda request_id: (200, {}, json.dumps({"request_id": request_id, **values}).encode())


def ask(vendor, breaker=None):
    adapter = HttpVendor(url=vendor.url, key_id=KEY_ID, secret=SECRET, breaker=breaker, pauses=(0.01, 0.01))
    return adapter.verify(question_about("Quillfeather", now=clock.now()))


@pytest.mark.parametrize(
    ("values", "outcome"),
    [({"outcome": "verified"}, Verified), ({"outcome": "not_verified"}, NotVerified), (GOOD_CALL, Call)],
)
def test_the_protocol_is_understood(values, outcome):
    """What the hostile answers below are variations of. [V-6]"""
    with Vendor(stating(**values)) as vendor:
        assert isinstance(ask(vendor), outcome)


def test_answers_may_grow_new_members():
    """A vendor that tells more than it must is still understood. [V-6]"""
    with Vendor(stating(outcome="verified", score=700)) as vendor:
        assert isinstance(ask(vendor), Verified)


@pytest.mark.parametrize(
    "answer",
    [
        lambda asked: (
            200,
            {},
            f'{{"request_id": "{asked}", "outcome": "call", "outcome": "verified"}}'.encode(),
        ),
        lambda asked: (200, {}, f'{{"request_id": "{asked}", "outcome": "verified"}}'.encode() * 2),
        stating(outcome="VERIFIED"),
        stating(outcome=True),
        stating(outcome=["verified"]),
        stating(),
        stating(**{**GOOD_CALL, "reference": "<script>alert(1)</script>"}),
        stating(**{**GOOD_CALL, "reference": "A" * 5000}),
        stating(**{**GOOD_CALL, "reference": 12345678}),
        stating(**{**GOOD_CALL, "reference": "AC34-7HJK\n-9MNP"}),
        stating(**{**GOOD_CALL, "reference": "٣" * 10}),
        stating(**{**GOOD_CALL, "reference_expires_at": "2026-04-01T12:00:00"}),
        stating(**{**GOOD_CALL, "reference_expires_at": "soon"}),
        stating(**{**GOOD_CALL, "reference_expires_at": 4102444800}),
        stating(**{**GOOD_CALL, "call_number": "javascript:alert(1)"}),
        lambda _: (200, {}, b'{"outcome": "verified"}'),
        lambda _: (200, {}, b'{"outcome": "verified", "request_id": "00000000-0000-0000-0000-000000000000"}'),
        lambda _: (200, {}, b'["verified"]'),
        lambda _: (200, {}, b"verified"),
        lambda _: (200, {}, b""),
        lambda _: (200, {}, b"\xff\xfe"),
        lambda _: (200, {}, b"[" * 16_000),
        lambda _: (200, {}, b" " * 10_000_000),
        lambda _: (200, {"Content-Type": "text/html"}, b"<html>verified</html>"),
        lambda request_id: (201, {}, stating(outcome="verified")(request_id)[2]),
        lambda request_id: (
            200,
            {"Content-Encoding": "deflate"},
            zlib.compress(stating(outcome="verified")(request_id)[2]),
        ),
        lambda _: (200, {"Content-Encoding": "deflate"}, zlib.compress(b" " * 50_000_000)),
        lambda _: (400, {}, b"{}"),
        lambda _: (500, {}, b"{}"),
    ],
)
def test_what_is_not_an_answer_is_unavailable_and_not_asked_again(answer):
    """A fault never verifies anybody; repeating the question would not mend it. [V-6]"""
    with Vendor(answer) as vendor:
        assert isinstance(ask(vendor), Unavailable)
        assert len(vendor.asked) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_passing_fault_is_asked_again(status):
    """Twice more, under the same request id, then no more. [V-6]"""
    with Vendor(lambda _: (status, {}, b"")) as vendor:
        assert isinstance(ask(vendor), Unavailable)
        assert len(vendor.asked) == 3


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_nowhere(status):
    """Personal facts go to the configured address only. [V-6]"""
    with Vendor(stating(outcome="verified")) as elsewhere:
        target = {"Location": f"{elsewhere.url}/v1/verifications"}
        with Vendor(lambda _: (status, target, b"")) as vendor:
            assert isinstance(ask(vendor), Unavailable)
        assert not elsewhere.asked


def test_a_proxy_in_the_environment_sees_nothing(monkeypatch):
    """Nor to a proxy that somebody set for the shell. [V-6]"""
    with Vendor(stating(outcome="verified")) as proxy, Vendor(stating(outcome="verified")) as vendor:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        ask(vendor)
        assert not proxy.asked
        assert vendor.asked == ["/v1/verifications"]


def test_one_persons_bad_question_closes_the_way_for_nobody():
    """Only a vendor that is away opens the breaker; one that refuses a question lives. [V-6]"""
    breaker = Breaker(failures=1)
    with Vendor(lambda _: (422, {}, b"{}")) as vendor:
        ask(vendor, breaker)
    assert breaker.lets_through()


def test_a_vendor_that_is_away_opens_the_breaker():
    """The next person is told at once. [V-6]"""
    breaker = Breaker(failures=1)
    with Vendor(lambda _: (503, {}, b"")) as vendor:
        ask(vendor, breaker)
    assert not breaker.lets_through()


@given(
    st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.text(max_size=20),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["outcome", "request_id", "reference", "call_number"]), inner, max_size=4
                )
            ),
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_no_bytes_at_all_verify_anybody(answer):
    """Without the protocol's own words for this very request nothing is believed, and nothing breaks. [V-6]"""
    with pytest.raises(MalformedAnswer):
        outcome_of(answer, question_about("Quillfeather", now=clock.now()))
