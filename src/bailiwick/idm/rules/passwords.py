"""Which passwords are accepted, when the holder may change one, and when one expires (P-1, P-2, P-4, P-5). Pure.

What needs a file or a hash — the list of leaked passwords, the last six — is asked outside and comes in as a fact.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.days import after_full_days
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.profiles import Profile

IN_A_ROW = 4
SHORTEST_NAME = 3
LONGEST_REPEAT = 3
LONGEST_RUN = 4
SHORTEST_CORE = 4
KEYBOARD_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LOOK_ALIKES = str.maketrans("013457@$!", "oleastasi")


class Refusal(StrEnum):
    TOO_SHORT = "password_too_short"
    TOO_LONG = "password_too_long"
    NEEDS_UPPER = "password_needs_upper_case"
    NEEDS_LOWER = "password_needs_lower_case"
    NEEDS_DIGIT = "password_needs_digit"
    HAS_USER_ID = "password_has_user_id"
    HAS_NAME = "password_has_name"
    IS_COMMON = "password_is_common"
    HAS_REPEAT = "password_has_repeat"
    HAS_RUN = "password_has_run"
    USED_BEFORE = "password_used_before"
    NOT_THE_SAME = "password_not_the_same"
    CHANGED_TODAY = "password_changed_today"


@dataclass(frozen=True)
class Owner:
    """Whose password it is to be."""

    user_id: str
    first: str
    last: str


def normalized(password: str) -> str:
    """The password as it is hashed: the same characters typed on any keyboard are the same password (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def objections(
    password: str, owner: Owner, limits: Limits, profile: Profile, *, is_common: bool
) -> Iterator[No]:
    """Everything that speaks against a new password; nothing: it is accepted. [P-1, P-2]"""
    password = normalized(password)
    yield from _length(password, limits)
    if profile.composition_rules:
        yield from _composition(password)
    if _shares_run(password, owner.user_id):
        yield No(Refusal.HAS_USER_ID, {"count": IN_A_ROW})
    if any(name in password.casefold() for name in _names(owner)):
        yield No(Refusal.HAS_NAME)
    if is_common:
        yield No(Refusal.IS_COMMON)
    if has_repeat(password):
        yield No(Refusal.HAS_REPEAT)
    if has_run(password):
        yield No(Refusal.HAS_RUN)


def _length(password: str, limits: Limits) -> Iterator[No]:
    if len(password) < limits.password_shortest:
        yield No(Refusal.TOO_SHORT, {"least": limits.password_shortest})
    if len(password) > limits.password_longest:
        yield No(Refusal.TOO_LONG, {"most": limits.password_longest})


def _composition(password: str) -> Iterator[No]:
    if not any(sign.isupper() for sign in password):
        yield No(Refusal.NEEDS_UPPER)
    if not any(sign.islower() for sign in password):
        yield No(Refusal.NEEDS_LOWER)
    if not any(sign.isdigit() for sign in password):
        yield No(Refusal.NEEDS_DIGIT)


def _shares_run(password: str, user_id: str) -> bool:
    """Whether any four characters in a row of the user ID stand in the password. [P-2]"""
    typed, taboo = password.casefold(), user_id.casefold()
    return any(taboo[at : at + IN_A_ROW] in typed for at in range(len(taboo) - IN_A_ROW + 1))


def _names(owner: Owner) -> list[str]:
    parts = (unicodedata.normalize("NFKC", name).casefold() for name in (owner.first, owner.last))
    return [part for part in parts if len(part) >= SHORTEST_NAME]


def has_repeat(password: str) -> bool:
    """Four times the same character in a row, or one piece said over and over. [P-2]"""
    typed = password.casefold()
    return bool(re.search(rf"(.)\1{{{LONGEST_REPEAT}}}", typed) or re.fullmatch(r"(.+?)\1+", typed))


def has_run(password: str) -> bool:
    """Five in a row of the alphabet, the digits or a row of keys, forwards or backwards. [P-2]"""
    typed = password.casefold()
    windows = (typed[at : at + LONGEST_RUN + 1] for at in range(len(typed) - LONGEST_RUN))
    return any(_is_run(window) or _is_run(window[::-1]) for window in windows)


def _is_run(window: str) -> bool:
    counts_up = all(ord(after) - ord(before) == 1 for before, after in pairwise(window))
    return (counts_up and window.isascii() and window.isalnum()) or any(
        window in row for row in KEYBOARD_ROWS
    )


def common_forms(password: str) -> list[str]:
    """What to look up in the list: the password, without digits and signs around it, and with 0 for o undone. [P-2]"""
    typed = normalized(password).lower()
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", typed)
    undone = re.sub(r"^[^a-z]+|[^a-z]+$", "", typed.rstrip("0123456789!").translate(LOOK_ALIKES))
    return [typed, *(form for form in dict.fromkeys((core, undone)) if len(form) >= SHORTEST_CORE)]


def may_change(
    changed_by_holder_at: datetime | None, now: datetime, limits: Limits, profile: Profile
) -> Yes | No:
    """The holder changes the password at most once in 24 hours. [P-4]"""
    if not profile.password_change_once_a_day or changed_by_holder_at is None:
        return Yes()
    if now - changed_by_holder_at < limits.password_change_every:
        return No(Refusal.CHANGED_TODAY, {"until": changed_by_holder_at + limits.password_change_every})
    return Yes()


def is_expired(
    signed_in_at: datetime | None,
    set_at: datetime,
    *,
    now: datetime,
    limits: Limits,
    profile: Profile,
    zone: ZoneInfo,
) -> bool:
    """60 full days without any sign-in, counted from the last one or from when the password was set later. [P-5]

    Whoever never signed in has no use that could stop: their account is discarded instead (R-5).
    """
    if not profile.idle_password_expiry or signed_in_at is None:
        return False
    return now >= after_full_days(max(signed_in_at, set_at), limits.password_idle_expiry, zone)
