"""Organizations as rules see them: when two names are one, who is of record, whether somebody can act (G-1 to G-8).

Pure. A legal name is compared by its key only; the key is never shown.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from zoneinfo import ZoneInfo

from bailiwick.idm.rules.days import day_of

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


def fewest_grams_shared(grams: int) -> int:
    """How many of a sought word's pieces another word must have to be worth comparing: a typo spoils up to three."""
    return max(1, grams // 3)


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

    @property
    def is_alike(self) -> bool:
        """Enough to tell whose role it is at an organization where somebody of that name, or mailbox, holds one."""
        return self.name_matches or self.email_matches


def is_replaced(*, name: str, email: str, by_name: str, by_email: str) -> bool:
    """Whether a record that named one person now names another: a name or a mailbox alone may be corrected (G-8)."""
    if not name:
        return False
    is_same_name = words_of(name) == words_of(by_name)
    return not is_same_name and email.strip().casefold() != by_email.strip().casefold()


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


class HealthFlag(StrEnum):
    """What an organization's continuity lacks (G-7), the gravest first."""

    NO_ABLE_APPROVER = "no_able_approver"
    ONLY_ONE_APPROVER = "only_one_approver"
    APPROVER_UNREACHABLE = "approver_unreachable"
    APPROVER_NEAR_INACTIVITY = "approver_near_inactivity"
    CERTIFICATION_DUE = "certification_due"
    ONLY_EMAIL_FACTOR = "only_email_factor"
    DIFFERS_FROM_RECORD = "differs_from_record"


@dataclass(frozen=True)
class ApproverFacts:
    """One live approver or backup grant of an organization, and whose it is."""

    is_able: bool
    inactive_from: datetime
    certification_due: date
    has_strong_factor: bool
    is_of_record: bool
    name: str = ""
    is_reached_by_mail: bool = True


def health(
    approvers: Iterable[ApproverFacts],
    *,
    now: datetime,
    warn_before: timedelta,
    opens_before: timedelta,
    zone: ZoneInfo,
) -> dict[HealthFlag, tuple[str, ...]]:
    """What to tell about an organization with live grants, and about whom (G-7); {} means well."""
    approvers = list(approvers)
    able = [approver for approver in approvers if approver.is_able]
    found = {
        HealthFlag.NO_ABLE_APPROVER: [] if able else approvers,
        HealthFlag.ONLY_ONE_APPROVER: able if len(able) == 1 else [],
        HealthFlag.APPROVER_UNREACHABLE: [one for one in able if not one.is_reached_by_mail],
        HealthFlag.APPROVER_NEAR_INACTIVITY: [one for one in able if now >= one.inactive_from - warn_before],
        HealthFlag.CERTIFICATION_DUE: [
            one for one in approvers if day_of(now, zone) + opens_before >= one.certification_due
        ],
        HealthFlag.ONLY_EMAIL_FACTOR: [one for one in able if not one.has_strong_factor],
        HealthFlag.DIFFERS_FROM_RECORD: [one for one in approvers if not one.is_of_record],
    }
    whom = {flag: tuple(one.name for one in those) for flag, those in found.items()}
    return {
        flag: names
        for flag, names in whom.items()
        if names or (flag is HealthFlag.NO_ABLE_APPROVER and not able)
    }
