"""A payer over HTTP that answers anything at all: SPOT matches nobody on it, and its memory and people are spared."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground.program.asking import MalformedAnswer
from bailiwick.ground.program.breaker import Breaker
from bailiwick.spot.payers.port import Match, NoMatch, Numbers, Unavailable
from bailiwick.spot.payers.vendors import payer_from
from bailiwick.spot.payers.vendors.answers import answers_of
from bailiwick.spot.payers.vendors.http import HttpPayer
from tests.spot.build_payers import numbers_of, on_file
from tests.spot.payer_server import KEY_ID, SECRET, PayerServer, from_file

PELICAN = on_file("Pelican Cove Dermatology")
ASKED = Numbers(**numbers_of(PELICAN))
GOOD = json.loads(from_file([numbers_of(PELICAN)]))


def adapter(server, **more):
    return HttpPayer(url=server.url, key_id=KEY_ID, secret=SECRET, pauses=(0.01, 0.01), **more)


def saying(**changes):
    """The honest answer with members of its provider changed; None takes one out."""
    provider = {**GOOD["answers"][0]["provider"], **changes}
    stated = {name: value for name, value in provider.items() if value is not None}
    return json.dumps({"answers": [{"outcome": "match", "provider": stated}]}).encode()


OFFICIAL = GOOD["answers"][0]["provider"]["officials"][0]
MALFORMED = [
    b"",
    b"no",
    b"\xff\xfe",
    b"[]",
    b"[" * 3000,
    b"{}",
    b'{"answers": []}',
    b'{"answers": [null]}',
    b'{"answers": [{"outcome": "MATCH"}]}',
    b'{"answers": [{"outcome": "match"}]}',
    b'{"answers": [{"outcome": "match", "outcome": "no_match"}]}',
    b'{"answers": [{"outcome": "no_match"}, {"outcome": "no_match"}]}',
    json.dumps(GOOD).encode() * 2,
    saying(ptan="PC2042"),
    saying(tin="900450102"),
    saying(tin=None),
    saying(legal_name=""),
    saying(legal_name="Pelican\r\nBcc: all@example"),
    saying(legal_name="\u202ePelican"),
    saying(legal_name=["Pelican"]),
    saying(legal_name="P" * 201),
    saying(line_of_business="C"),
    saying(line_of_business=None),
    saying(contact_mailbox="office@pelicancove.example\nBcc: all@example"),
    saying(contact_mailbox="a@b@c"),
    saying(contact_mailbox=""),
    saying(phone="+1 202 555 0171"),
    saying(phone="٢٠٢٥٥٥٠١٧١"),
    saying(zip="3423"),
    saying(officials=None),
    saying(officials={}),
    saying(officials=["Nora"]),
    saying(officials=[OFFICIAL] * 51),
    saying(officials=[{**OFFICIAL, "standing": "self-appointed"}]),
    saying(officials=[{**OFFICIAL, "name": ""}]),
    saying(officials=[{**OFFICIAL, "mailbox": "nora"}]),
    saying(submitter_ids=["../../x"]),
]


@pytest.mark.parametrize("body", MALFORMED)
def test_what_is_not_an_answer_matches_nobody(body):
    """One member that is missing, malformed, stated twice or another's: none of it is believed. [F-6]"""
    with pytest.raises(MalformedAnswer):
        answers_of(body, [ASKED.bare])


@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["answers", "outcome", "provider", "tin"]), inner, max_size=4)
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_no_answer_breaks_its_reader(body):
    """Whatever comes back is an answer or is malformed. [F-6]"""
    with contextlib.suppress(MalformedAnswer):
        assert answers_of(body, [ASKED.bare]) == [NoMatch()]


@pytest.mark.parametrize(
    "answer",
    [
        (200, {}, MALFORMED[13]),
        (200, {}, b" " * 100_000),
        (200, {"Content-Type": "text/html"}, from_file([numbers_of(PELICAN)])),
        (201, {}, from_file([numbers_of(PELICAN)])),
        (302, {"Location": "/v1/providers/find"}, b""),
        (500, {}, b"{}"),
    ],
)
def test_what_is_out_of_protocol_is_unavailable_and_not_asked_again(answer):
    """And it closes the way for nobody else: the payer lives. [F-6]"""
    breaker = Breaker(failures=1)
    with PayerServer(lambda _: answer) as server:
        assert adapter(server, breaker=breaker).find_all([ASKED]) == Unavailable()
        assert server.asked == [1]
    assert breaker.lets_through()


def test_a_payer_that_is_away_is_asked_again_then_spared():
    """Three sendings; then nobody waits for it until the breaker closes, and a page can say so first. [F-6]"""
    with PayerServer(lambda _: (503, {}, b"")) as server:
        payer = adapter(server, breaker=Breaker(failures=1, rest=3600))
        assert not payer.is_away
        assert payer.find_all([ASKED]) == Unavailable()
        assert payer.is_away
        assert payer.find_all([ASKED]) == Unavailable()
        assert len(server.asked) == 3


def test_an_answer_of_the_wrong_key_is_none():
    """The payer takes signed questions only; ours says so to its operator, not to people. [F-6]"""
    with PayerServer() as server:
        payer = HttpPayer(url=server.url, key_id=KEY_ID, secret=SECRET[::-1])
        assert payer.find_all([ASKED]) == Unavailable()


def test_a_long_list_is_a_few_questions():
    """2,500 lines in three requests, each number once, and the answers in the order of the lines. [F-4]"""
    rows = [Numbers(f"ZZ{at}", "1900410006", "900450199") for at in range(2498)]
    with PayerServer() as server:
        found = adapter(server).find_all([ASKED, *rows, ASKED, *rows])
        assert server.asked == [1000, 1000, 499]
    assert [at for at, one in enumerate(found) if isinstance(one, Match)] == [0, 2499]
    assert len(found) == 4998


def test_half_a_list_is_no_list():
    """Where a later part gets no answer, nothing was borne out. [F-4]"""
    answers = iter([True, False])

    def once(questions):
        return (200, {}, from_file(questions)) if next(answers) else (404, {}, b"")

    with PayerServer(once) as server:
        rows = [Numbers(f"ZZ{at}", "1900410006", "900450199") for at in range(1001)]
        assert adapter(server).find_all(rows) == Unavailable()


@pytest.mark.parametrize(
    ("url", "key", "development"),
    [
        ("http://payer.example", f"spot-1:{SECRET}", False),
        ("ftp://payer.example", f"spot-1:{SECRET}", True),
        ("https://user@payer.example", SECRET, False),
        ("https://payer.example", "spot-1:short", False),
        ("https://payer.example", "", True),
    ],
)
def test_an_unsafe_payer_stops_the_start(url, key, development):
    """TINs travel over TLS, signed by a long secret, to an address without surprises. [F-6]"""
    with pytest.raises(ValueError, match="PAYER_"):
        payer_from(None, url=url, key=key, development=development)


def test_two_payers_are_none(tmp_path):
    """A file and an address: which of them holds, is not for us to choose. [F-6]"""
    with pytest.raises(ValueError, match="PAYER_FILE"):
        payer_from(tmp_path, url="https://payer.example", key=SECRET, development=False)
