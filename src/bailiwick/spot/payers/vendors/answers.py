"""Reading a payer's answer: exactly the protocol's shape, or `MalformedAnswer`. Pure.

One malformed provider makes the whole answer none: what a payer got wrong once, it may have got wrong before.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from bailiwick.ground.program.asking import MalformedAnswer
from bailiwick.spot.payers.port import LineOfBusiness, Match, NoMatch, Official, Provider, Standing, bare

LONGEST = 200
MOST_OFFICIALS = 50
MOST_SUBMITTER_IDS = 200
# Letters of any language, marks and signs on one line; nothing that steers a terminal, a mail or a page.
LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]*")
MAILBOX = re.compile(r"[^\s@<>,;:\"\\()\[\]]{1,64}@[A-Za-z0-9.-]{1,180}", re.ASCII)
PHONE = re.compile(r"[0-9]{10}", re.ASCII)
STATE = re.compile(r"[A-Z]{2}", re.ASCII)
ZIP = re.compile(r"[0-9]{5}(?:[0-9]{4})?", re.ASCII)
SUBMITTER_ID = re.compile(r"[A-Z0-9]{1,40}", re.ASCII)


def answers_of(answer: bytes, asked: Sequence[tuple[str, str, str]]) -> list[Match | NoMatch]:
    """What `answer` states to each (PTAN, NPI, TIN). Raises MalformedAnswer."""
    try:
        stated = json.loads(answer, object_pairs_hook=_said_once)
    except (ValueError, RecursionError) as problem:
        raise MalformedAnswer("not JSON") from problem
    answers = _list(stated, "answers", len(asked))
    if len(answers) != len(asked):
        raise MalformedAnswer("as many answers as questions")
    return [_outcome(one, numbers) for one, numbers in zip(answers, asked, strict=True)]


def _outcome(stated: Any, asked: tuple[str, str, str]) -> Match | NoMatch:
    match stated:
        case {"outcome": "no_match"}:
            return NoMatch()
        case {"outcome": "match", "provider": dict(provider)}:
            return Match(_provider(provider, asked))
    raise MalformedAnswer("outcome")


def _provider(stated: dict[str, Any], asked: tuple[str, str, str]) -> Provider:
    """Somebody else than was asked about is nobody."""
    numbers = tuple(bare(_text(stated, name)) for name in ("ptan", "npi", "tin"))
    if numbers != asked:
        raise MalformedAnswer("not the provider that was asked about")
    ptan, npi, tin = numbers
    return Provider(
        ptan=ptan,
        npi=npi,
        tin=tin,
        legal_name=_needed(stated, "legal_name"),
        line_of_business=_line_of_business(stated.get("line_of_business"), is_third_party=not (ptan or npi)),
        address=_needed(stated, "address"),
        city=_needed(stated, "city"),
        state=_shaped(stated, "state", STATE),
        zip=_shaped(stated, "zip", ZIP),
        contact_mailbox=_shaped(stated, "contact_mailbox", MAILBOX),
        phone=_shaped(stated, "phone", PHONE),
        officials=tuple(_official(one) for one in _list(stated, "officials", MOST_OFFICIALS)),
        submitter_ids=tuple(
            _shaped({"submitter_ids": one}, "submitter_ids", SUBMITTER_ID)
            for one in _list(stated, "submitter_ids", MOST_SUBMITTER_IDS)
        ),
    )


def _official(stated: Any) -> Official:
    if not isinstance(stated, dict):
        raise MalformedAnswer("officials")
    mailbox = _shaped(stated, "mailbox", MAILBOX) if stated.get("mailbox") != "" else ""
    try:
        standing = Standing(stated.get("standing"))
    except ValueError:
        raise MalformedAnswer("standing") from None
    return Official(_needed(stated, "name"), _text(stated, "title"), mailbox, standing)


def _line_of_business(stated: Any, *, is_third_party: bool) -> LineOfBusiness | None:
    if is_third_party and stated is None:
        return None
    try:
        return LineOfBusiness(stated)
    except ValueError:
        raise MalformedAnswer("line_of_business") from None


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A member that is stated twice states nothing: which of the two holds, is not for us to choose."""
    stated = dict(pairs)
    if len(stated) != len(pairs):
        raise MalformedAnswer("a member twice")
    return stated


def _list(stated: Any, name: str, most: int) -> list[Any]:
    found = stated.get(name) if isinstance(stated, dict) else None
    if not isinstance(found, list) or len(found) > most:
        raise MalformedAnswer(name)
    return found


def _text(stated: dict[str, Any], name: str) -> str:
    value = stated.get(name)
    if not isinstance(value, str) or len(value) > LONGEST or not LINE.fullmatch(value):
        raise MalformedAnswer(name)
    return value.strip()


def _needed(stated: dict[str, Any], name: str) -> str:
    value = _text(stated, name)
    if not value:
        raise MalformedAnswer(name)
    return value


def _shaped(stated: dict[str, Any], name: str, shape: re.Pattern[str]) -> str:
    value = _text(stated, name)
    if not shape.fullmatch(value):
        raise MalformedAnswer(name)
    return value
