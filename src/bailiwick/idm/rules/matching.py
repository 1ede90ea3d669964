"""When two people look like one: swapped digits, similar names, similar addresses (A-5). Pure.

Every comparison is the same both ways round. Names a person gave up count like the present one, and a name taken after
both accounts were there counts for nothing: a name change neither makes nor hides a duplicate.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import product
from operator import ne

from bailiwick.idm.rules.accounts import Address, plain

SHORTEST_ROUGH = 4
"""In shorter words one letter more or less makes another name: Ann and Anne, Jon and Joe."""
SHORTEST_SHORT_FORM = 3
STREET_WORDS = {
    "street": "st",
    "avenue": "ave",
    "road": "rd",
    "lane": "ln",
    "drive": "dr",
    "boulevard": "blvd",
    "court": "ct",
    "place": "pl",
    "terrace": "ter",
    "circle": "cir",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
}


class Resemblance(StrEnum):
    """Why two people are taken for one, the strongest reason first (A-5). The entries are stored."""

    SAME_CLAIM = "same_claim"
    SWAPPED_DIGITS = "swapped_digits"
    SIMILAR_PERSON = "similar_person"


@dataclass(frozen=True)
class Name:
    """A legal name, and since when it was this account's."""

    first: str
    middle: str
    last: str
    since: datetime


@dataclass(frozen=True)
class Somebody:
    """What is compared of one account. `names`: the present and all former ones; `ssn`: "" where none was given.

    `claims`: the number is a claim, not verified.
    """

    names: tuple[Name, ...]
    birth_date: date
    ssn: str
    address: Address
    since: datetime
    claims: bool


def resemblance(one: Somebody, other: Somebody) -> Resemblance | None:
    """Why these two may be one person; None where nothing says so. [A-5]"""
    if one.ssn and one.ssn == other.ssn and one.claims and other.claims:
        return Resemblance.SAME_CLAIM
    if one.birth_date != other.birth_date:
        return None
    if are_swapped(one.ssn, other.ssn):
        return Resemblance.SWAPPED_DIGITS
    if are_similar_addresses(one.address, other.address) and have_similar_names(one, other):
        return Resemblance.SIMILAR_PERSON
    return None


def are_swapped(one: str, other: str) -> bool:
    """Whether two numbers differ by one swap of two neighboring digits, and by nothing else."""
    if len(one) != len(other):
        return False
    differ = [at for at, is_other in enumerate(map(ne, one, other)) if is_other]
    return (
        len(differ) == 2  # noqa: PLR2004 - a swap moves two digits
        and differ[1] == differ[0] + 1
        and one[differ[0]] == other[differ[1]]
        and one[differ[1]] == other[differ[0]]
    )


def have_similar_names(one: Somebody, other: Somebody) -> bool:
    """Whether any name that either had by the time both accounts were there is similar to one of the other's."""
    both_there = max(one.since, other.since)
    return any(
        are_similar_names(mine, theirs)
        for mine, theirs in product(_by(one.names, both_there), _by(other.names, both_there))
    )


def _by(names: Iterable[Name], when: datetime) -> list[Name]:
    """The names held by then. The very first counts whenever it was written down: nobody is without a name."""
    ordered = sorted(names, key=lambda name: name.since)
    return [name for at, name in enumerate(ordered) if at == 0 or name.since <= when]


def are_similar_names(one: Name, other: Name) -> bool:
    """The same first and last name but for a slip, a short form, a dropped half of a double name, or a swap of the two."""
    straight = _similar_first(one, other) and _similar_last(one.last, other.last)
    turned = _word(one.first) == _word(other.last) and _word(one.last) == _word(other.first)
    return straight or turned


def _similar_first(one: Name, other: Name) -> bool:
    """A second given name may be left out, or be the one that is used (A-8)."""
    mine, theirs = _given(one), _given(other)
    return any(is_slip(a, b) or _is_short_form(a, b) for a, b in product(mine, theirs))


def _given(name: Name) -> set[str]:
    parts = {_word(name.first), *(_word(part) for part in re.split(r"[\s-]+", name.first))}
    return {part for part in parts if part}


def _similar_last(one: str, other: str) -> bool:
    mine, theirs = _halves(one), _halves(other)
    return any(is_slip(a, b) for a, b in product(mine, theirs))


def _halves(last: str) -> set[str]:
    """A double name is known by either half, where the half is a name by itself."""
    parts = {_word(part) for part in re.split(r"[\s-]+", last)}
    return {_word(last), *(part for part in parts if len(part) >= SHORTEST_ROUGH)}


def _word(text: str) -> str:
    """Letters without case and accents; names in other scripts keep their own."""
    return plain(text) or "".join(text.casefold().split())


def _is_short_form(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return len(short) >= SHORTEST_SHORT_FORM and long.startswith(short)


def is_slip(one: str, other: str) -> bool:
    """Equal, or one typing slip apart: a letter more, less, other, or two neighbors swapped."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < SHORTEST_ROUGH:
        return False
    if len(short) == len(long):
        return sum(map(ne, short, long)) == 1 or are_swapped(short, long)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def are_similar_addresses(one: Address, other: Address) -> bool:
    """The same house, however it is written: the same number, the same street but for a slip, and the same ZIP or city."""
    if one.country.casefold() != other.country.casefold():
        return False
    same_zip = bool(one.zip) and one.zip[:5] == other.zip[:5]
    same_place = same_zip or (plain(one.city) == plain(other.city) and one.state == other.state)
    mine, theirs = _street(one.line_1), _street(other.line_1)
    return same_place and mine[0] == theirs[0] and is_slip(mine[1], theirs[1])


def _street(line: str) -> tuple[str, str]:
    """The figures of a street line, and its words run together in their short forms."""
    words = re.findall(r"[^\W_]+", line.casefold())
    figures = " ".join(word for word in words if any(sign.isdigit() for sign in word))
    names = "".join(
        STREET_WORDS.get(word, word) for word in words if not any(sign.isdigit() for sign in word)
    )
    return figures, names
