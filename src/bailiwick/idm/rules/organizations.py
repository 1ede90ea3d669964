"""Organizations as rules see them: when two names are one, how near a search comes, who is of record (G-1 to G-5).

Pure. A legal name is compared by its key only; the key is never shown.
"""

import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LEGAL_FORMS = frozenset(
    (
        "inc",
        "incorporated",
        "llc",
        "lc",
        "corp",
        "corporation",
        "co",
        "company",
        "ltd",
        "limited",
        "pa",
        "pc",
        "pl",
        "pllc",
        "plc",
        "lp",
        "llp",
    )
)
JOINERS = frozenset("'.’`´")  # noqa: RUF001 - the apostrophes that people type
NEAR_ENOUGH = 0.75
WORD_NEAR_ENOUGH = 0.6
SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv", "v"))


class Refusal(StrEnum):
    ENROLLMENT_NOT_MATCHED = "enrollment_not_matched"
    ORGANIZATION_EXISTS = "organization_exists"
    RECORD_OF_ANOTHER_APPLICATION = "record_of_another_application"
    RECORD_VERSION_CONFLICT = "record_version_conflict"
    SEARCH_TOO_SHORT = "search_too_short"
    TOO_MANY_SEARCHES = "too_many_searches"


def words_of(text: str) -> tuple[str, ...]:
    """The words of a name without case, accents and punctuation: "O'Neal & Søn, L.L.C." is oneal, and, søn, llc."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and "))
    # Folding may compose or bring capitals of its own to light: decompose again, so that a key's key is itself.
    folded = unicodedata.normalize("NFKD", plain.casefold()).casefold()
    return tuple("".join(_kept(character) for character in folded).split())


def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Mn", "Cf"} or character in JOINERS:
        return ""
    return character if category[0] in "LN" else " "


def legal_name_key(legal_name: str) -> str:
    """What makes two spellings one legal name: case, accents, punctuation, spaces and the legal form do not count."""
    words = list(words_of(legal_name))
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def grams_of(text: str) -> frozenset[str]:
    """The three-letter pieces of each word, its start marked by two spaces and its end by one."""
    padded = (f"  {word} " for word in words_of(text))
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


def letters_in(text: str) -> int:
    """How many letters and digits somebody searches for (G-5: three at least)."""
    return sum(len(word) for word in words_of(text))


def nearness(sought: str, name: str) -> float:
    """From 0 to 1: how well each sought word is found in the name, in any order, begun or slightly misspelled (G-5)."""
    wanted, present = words_of(sought), words_of(name)
    if not wanted or not present:
        return 0.0
    best = [max(word_nearness(word, other) for other in present) for word in wanted]
    return 0.0 if min(best) < WORD_NEAR_ENOUGH else sum(best) / len(best)


def word_nearness(word: str, other: str) -> float:
    """From 0 to 1: how near a sought word comes to another, equal first, then begun, then misspelled."""
    if other.startswith(word):
        return 1.0 if word == other else 0.95
    if len(word) == len(other) and sorted(word) == sorted(other):
        return 0.9  # two letters swapped
    return SequenceMatcher(None, word, other, autojunk=False).ratio()


@dataclass(frozen=True)
class OfRecord:
    """Whether somebody is a person whom the enrollment record names (G-2, G-4). Both must agree to be the same."""

    name_matches: bool
    email_matches: bool

    @property
    def is_same(self) -> bool:
        return self.name_matches and self.email_matches


def of_record(
    *, given_names: str, last_name: str, email: str, record_name: str, record_email: str
) -> OfRecord:
    """Compare a person with the one named. Middle names and suffixes count only where both sides give them."""
    return OfRecord(
        name_matches=_same_person_name(words_of(given_names), words_of(last_name), words_of(record_name)),
        email_matches=bool(email) and email.strip().casefold() == record_email.strip().casefold(),
    )


def _same_person_name(given: tuple[str, ...], last: tuple[str, ...], named: tuple[str, ...]) -> bool:
    named = tuple(word for word in named if word not in SUFFIXES)
    last = tuple(word for word in last if word not in SUFFIXES)
    if not given or not last or named[-len(last) :] != last:
        return False
    named_given = named[: -len(last)]
    pairs = zip(given, named_given, strict=False)
    return bool(named_given) and given[0] == named_given[0] and all(_same_given(a, b) for a, b in pairs)


def _same_given(one: str, other: str) -> bool:
    return one == other or one == other[:1] or other == one[:1]
