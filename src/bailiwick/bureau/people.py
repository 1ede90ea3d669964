"""The file of fictitious people, read and checked at start. Pure but for reading it."""

import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bailiwick.bureau.decisions import Part

# The areas that were never issued, and never will be: no such number is anybody's.
NEVER_ISSUED = re.compile(r"(?:9\d\d|000|666)\d{6}", re.ASCII)


class PeopleFileError(ValueError):
    """The file says something it must not; the message names the person by position."""


@dataclass(frozen=True)
class Likeness:
    """What must match for a person to be found; letter case and outer spaces do not matter."""

    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    ssn: str = field(repr=False)
    birth_date: date = field(repr=False)
    zip: str = field(repr=False)

    @classmethod
    def of(cls, *, first_name: str, last_name: str, ssn: str, birth_date: date, zip_code: str) -> "Likeness":
        names = (first_name.strip().casefold(), last_name.strip().casefold())
        return cls(*names, ssn=ssn, birth_date=birth_date, zip=zip_code[:5])


@dataclass(frozen=True)
class Role:
    """A person's part in the play. `seconds`: how long `slow` takes. `failures`: how often `flapping` fails first."""

    part: Part = Part.CALL_THEN_VERIFIED
    seconds: float = 0.0
    failures: int = 0


UNKNOWN = Role()
People = dict[Likeness, Role]


def is_never_issued(ssn: str) -> bool:
    """Whether nine digits are a number that belongs to nobody."""
    return NEVER_ISSUED.fullmatch(ssn) is not None


def read_people(path: Path) -> People:
    """The people of the file. Raises PeopleFileError for a mistake in it, and for an SSN that could be somebody's."""
    listed = tomllib.loads(path.read_text(encoding="utf-8")).get("person", [])
    people: People = {}
    for position, entry in enumerate(listed, start=1):
        try:
            likeness, role = _person(entry)
        except (KeyError, TypeError, ValueError) as problem:
            raise PeopleFileError(f"{path.name}: person {position}: {problem}") from None
        if likeness in people:
            raise PeopleFileError(f"{path.name}: person {position} is in it twice")
        people[likeness] = role
    return people


def _person(entry: dict[str, Any]) -> tuple[Likeness, Role]:
    ssn = entry["ssn"].replace("-", "")
    if not is_never_issued(ssn):
        raise ValueError("ssn is not a never-issued number (area 000, 666 or 900 to 999)")
    likeness = Likeness.of(
        first_name=entry["first_name"],
        last_name=entry["last_name"],
        ssn=ssn,
        birth_date=date.fromisoformat(entry["birth_date"]),
        zip_code=entry["address"]["zip"],
    )
    role = Role(
        part=Part(entry["part"]),
        seconds=float(entry.get("seconds", 0)),
        failures=int(entry.get("failures", 0)),
    )
    return likeness, role
