"""Reading a question: exactly the protocol's shape, or one sentence about what is wrong. Pure. (docs/proofing-vendor.md)"""

import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from bailiwick.bureau.people import Likeness, is_never_issued

QUESTION = {"request_id", "reference", "person"}
PERSON = {
    "first_name": 20,
    "middle_name": 20,
    "last_name": 25,
    "suffix": 10,
    "ssn": 9,
    "birth_date": 10,
    "phone": 20,
}
ADDRESS = {"line1": 60, "line2": 64, "city": 30, "state": 30, "zip": 10}
MAY_BE_EMPTY = {"middle_name", "suffix", "line2"}
UNREADABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
REFERENCE = re.compile(r"[A-Z0-9-]{0,32}", re.ASCII)
NINE_DIGITS = re.compile(r"[0-9]{9}", re.ASCII)
BIRTH_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class BadQuestion(Exception):
    """The question is not one of the protocol. The text says what to mend and repeats no value."""


@dataclass(frozen=True)
class Question:
    """`reference` is "" for a first question. `identity`: what a review is bound to; the likeness and the full name."""

    request_id: UUID
    reference: str
    likeness: Likeness
    identity: str = field(repr=False)


def question_of(body: bytes) -> Question:
    """The question that `body` asks. Raises BadQuestion."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        raise BadQuestion("The body is not JSON.") from None
    _has_exactly(asked, QUESTION, "The question")
    _has_exactly(asked["person"], {*PERSON, "address"}, "The person")
    _has_exactly(asked["person"]["address"], set(ADDRESS), "The address")
    for name, longest in PERSON.items():
        _text(asked["person"], name, longest)
    for name, longest in ADDRESS.items():
        _text(asked["person"]["address"], name, longest)
    reference = asked["reference"]
    if not isinstance(reference, str) or not REFERENCE.fullmatch(reference):
        raise BadQuestion("reference is not a review reference number.")
    request_id = _request_id(asked["request_id"])
    likeness = _likeness(asked["person"])
    return Question(request_id, reference, likeness, identity=_identity(asked["person"], likeness))


def _has_exactly(value: object, names: set[str], what: str) -> None:
    if not isinstance(value, dict) or set(value) != names:
        raise BadQuestion(f"{what} has exactly these members: {', '.join(sorted(names))}.")


def _text(holder: dict[str, Any], name: str, longest: int) -> None:
    value = holder[name]
    if not isinstance(value, str) or len(value) > longest or (not value.strip() and name not in MAY_BE_EMPTY):
        raise BadQuestion(f"{name} is a text of 1 to {longest} characters.")
    if any(unicodedata.category(sign) in UNREADABLE for sign in value):
        raise BadQuestion(f"{name} has a character that cannot be read.")


def _request_id(value: object) -> UUID:
    try:
        identifier = UUID(value) if isinstance(value, str) else None
    except ValueError:
        identifier = None
    if identifier is None or str(identifier) != value:
        raise BadQuestion("request_id is a UUID in lower case with hyphens.")
    return identifier


def _likeness(person: dict[str, Any]) -> Likeness:
    if not NINE_DIGITS.fullmatch(person["ssn"]):
        raise BadQuestion("ssn is nine digits.")
    if not is_never_issued(person["ssn"]):
        raise BadQuestion(
            "This bureau is a double: it takes only never-issued SSNs, of area 000, 666 or 900 to 999."
        )
    return Likeness.of(
        first_name=person["first_name"],
        last_name=person["last_name"],
        ssn=person["ssn"],
        birth_date=_birth_date(person["birth_date"]),
        zip_code=person["address"]["zip"],
    )


def _birth_date(text: str) -> date:
    try:
        if BIRTH_DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadQuestion("birth_date is a day like 1980-02-29.")


def _identity(person: dict[str, Any], likeness: Likeness) -> str:
    """Name, birth date and SSN; who moves or changes the phone keeps their review."""
    names = [person[name].strip().casefold() for name in ("first_name", "middle_name", "last_name", "suffix")]
    return json.dumps([*names, likeness.birth_date.isoformat(), likeness.ssn])
