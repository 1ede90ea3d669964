"""One person, one account: names, birth dates, SSNs, and when two people look like one (A-1, A-2, A-4, A-8). Pure.

Facts about a person travel only as `PersonalFacts`; whatever compares people compares normalized values.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.limits import Limits

PHONE_DIGITS = 10
NAME = re.compile(r"[^\W\d_]+(?:[ '\u2019.-]{1,2}[^\W\d_]+)*[.']?")
MARKS = frozenset({"Mn", "Mc"})
NOT_LETTERS = re.compile(r"[^a-z]")
SUFFIXES = ("", "Jr.", "Sr.", "II", "III", "IV", "V")


class AccountState(StrEnum):
    """`discarded` is an account nobody ever signed in to: only its user ID stays, so that it is never reused (R-5).

    `merged`: its person's one account is another; its user ID and its subject point there (A-5).
    """

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ARCHIVED = "archived"
    DISCARDED = "discarded"
    MERGED = "merged"


class SsnState(StrEnum):
    """A claim may collide with claims; verified and former numbers are unique for life (A-2)."""

    CLAIM = "claim"
    VERIFIED = "verified"
    VOID = "void"
    FORMER = "former"


class AccountEvent(StrEnum):
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    ARCHIVE = "archive"
    REOPEN = "reopen"
    DISCARD = "discard"
    MERGE = "merge"
    UNDO_MERGE = "undo_merge"


class SsnEvent(StrEnum):
    VERIFY = "verify"
    VOID = "void"
    REPLACE = "replace"
    RESTORE = "restore"


ACCOUNT_STEPS: dict[AccountState, dict[AccountEvent, AccountState]] = {
    AccountState.ACTIVE: {
        AccountEvent.SUSPEND: AccountState.SUSPENDED,
        AccountEvent.ARCHIVE: AccountState.ARCHIVED,
        AccountEvent.DISCARD: AccountState.DISCARDED,
        AccountEvent.MERGE: AccountState.MERGED,
    },
    AccountState.SUSPENDED: {
        AccountEvent.UNSUSPEND: AccountState.ACTIVE,
        AccountEvent.ARCHIVE: AccountState.ARCHIVED,
    },
    AccountState.ARCHIVED: {AccountEvent.REOPEN: AccountState.ACTIVE},
    AccountState.DISCARDED: {},
    AccountState.MERGED: {AccountEvent.UNDO_MERGE: AccountState.ACTIVE},
}

SSN_STEPS: dict[SsnState, dict[SsnEvent, SsnState]] = {
    SsnState.CLAIM: {
        SsnEvent.VERIFY: SsnState.VERIFIED,
        SsnEvent.VOID: SsnState.VOID,
        SsnEvent.REPLACE: SsnState.VOID,
    },
    SsnState.VERIFIED: {SsnEvent.REPLACE: SsnState.FORMER},
    SsnState.VOID: {},
    SsnState.FORMER: {SsnEvent.RESTORE: SsnState.VERIFIED},
}


class Refusal(StrEnum):
    NAME_NOT_LETTERS = "name_not_letters"
    TOO_YOUNG = "too_young"
    BIRTH_DATE_IMPOSSIBLE = "birth_date_impossible"
    SSN_NOT_NINE_DIGITS = "ssn_not_nine_digits"
    SSN_NEVER_ISSUED = "ssn_never_issued"
    SSN_TAKEN = "ssn_taken"
    USER_ID_TAKEN = "user_id_taken"
    FACTS_ARE_PROVEN = "facts_are_proven"
    FACTS_CORRECTED_TOO_OFTEN = "facts_corrected_too_often"
    ACCOUNT_NOT_ACTIVE = "account_not_active"
    STATE_NOT_FITTING = "account_state_not_fitting"


@dataclass(frozen=True)
class Address:
    """A home address. Outside the US `state` is any region, `zip` any postal code, `country` its name."""

    line_1: str
    city: str
    state: str
    zip: str
    line_2: str = ""
    country: str = "US"

    @property
    def is_us(self) -> bool:
        return self.country == "US"


@dataclass(frozen=True)
class PersonalFacts:
    """Who a person says they are. `ssn` is nine digits, or "" where not given; `phone` ten digits."""

    first: str
    middle: str
    last: str
    suffix: str
    birth_date: date
    ssn: str
    address: Address
    phone: str
    email: str


@dataclass(frozen=True)
class Likeness:
    """What A-4 compares of a newcomer and of somebody who has an account. `ssn_digest` empty: not known."""

    name: str
    birth_date: date
    email: str
    zip: str
    ssn_digest: bytes = b""


def plain(text: str) -> str:
    """The letters a to z of a text, without case or accents: how names are compared."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return NOT_LETTERS.sub("", decomposed)


def name_key(first: str, last: str) -> str:
    """The name as A-4 compares it. Names in other scripts keep their own letters."""
    return "|".join(plain(part) or unicodedata.normalize("NFKC", part).casefold() for part in (first, last))


def email_key(email: str) -> str:
    """An e-mail address as it is compared: without regard to case."""
    return unicodedata.normalize("NFKC", email.strip()).casefold()


def name_may_be(text: str) -> Yes | No:
    """Letters of any script, with spaces, hyphens, apostrophes and periods between them. [A-8]

    Accents and vowel signs that have no composed letter belong to the letter before them.
    """
    composed = unicodedata.normalize("NFC", text)
    begins_well = bool(composed) and unicodedata.category(composed[0]) not in MARKS
    letters = "".join(sign for sign in composed if unicodedata.category(sign) not in MARKS)
    return Yes() if begins_well and NAME.fullmatch(letters) else No(Refusal.NAME_NOT_LETTERS)


def age_on(birth_date: date, day: date) -> int:
    """Whole years; who is born on 29 February is a year older on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def old_enough(birth_date: date, today: date, limits: Limits) -> Yes | No:
    """18 or older, and born within the last 130 years. [A-8]"""
    age = age_on(birth_date, today)
    if birth_date > today or age > 130:  # noqa: PLR2004 - nobody is older
        return No(Refusal.BIRTH_DATE_IMPOSSIBLE)
    return Yes() if age >= limits.minimum_age else No(Refusal.TOO_YOUNG, {"years": limits.minimum_age})


def normalized_ssn(text: str) -> str:
    """Nine digits of what was typed with or without spaces and hyphens; "" where it is anything else. [A-2]"""
    digits = re.sub(r"[\s-]", "", text)
    return digits if re.fullmatch(r"[0-9]{9}", digits) else ""


def was_ever_issued(ssn: str) -> bool:
    """False for numbers that the Social Security Administration never gave out. [A-2]"""
    area, group, serial = ssn[:3], ssn[3:5], ssn[5:]
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def ssn_may_be(text: str, *, development: bool) -> Yes | No:
    """A normalized SSN that was issued; development runs know only numbers that never were. [A-2, V-6]"""
    ssn = normalized_ssn(text)
    if not ssn:
        return No(Refusal.SSN_NOT_NINE_DIGITS)
    if not development and not was_ever_issued(ssn):
        return No(Refusal.SSN_NEVER_ISSUED)
    return Yes()


def objections(facts: PersonalFacts, today: date, limits: Limits, *, development: bool) -> Iterator[No]:
    """Everything that speaks against a person's facts; nothing: they can be theirs. A missing SSN is no objection here."""
    names = (facts.first, facts.middle, facts.last)
    rulings: list[Yes | No] = [name_may_be(name) for name in names if name]
    rulings.append(old_enough(facts.birth_date, today, limits))
    if facts.ssn:
        rulings.append(ssn_may_be(facts.ssn, development=development))
    yield from (ruling for ruling in rulings if isinstance(ruling, No))


def looks_like(newcomer: Likeness, holder: Likeness) -> bool:
    """Same name, birth date and (e-mail or ZIP), unless both SSNs are known and differ. [A-4]"""
    if newcomer.ssn_digest and holder.ssn_digest and newcomer.ssn_digest != holder.ssn_digest:
        return False
    same_place = newcomer.email == holder.email or (bool(newcomer.zip) and newcomer.zip == holder.zip)
    return newcomer.name == holder.name and newcomer.birth_date == holder.birth_date and same_place


def must_accept_terms(accepted: str, in_force: str) -> bool:
    """Whether the page of new terms is due: an older version was accepted. [R-6]

    Who never accepted any (an account that the operator opened) does so by the tick of their first sign-in.
    """
    return bool(accepted) and accepted != in_force


def may_correct(*, is_proven: bool, corrections: int, limits: Limits) -> Yes | No:
    """The holder corrects legal name, birth date and SSN three times, before the first proofing. [A-7]"""
    if is_proven:
        return No(Refusal.FACTS_ARE_PROVEN)
    if corrections >= limits.corrections_before_proofing:
        return No(Refusal.FACTS_CORRECTED_TOO_OFTEN, {"times": limits.corrections_before_proofing})
    return Yes()


def spoken_phone(digits: str) -> str:
    """Ten digits as people read them aloud; anything else as it is."""
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if len(digits) == PHONE_DIGITS else digits
