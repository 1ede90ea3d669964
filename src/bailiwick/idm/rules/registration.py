"""Registration: the user ID's rules, the order of the steps, and how often one may try (R-1, R-3, A-4). Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.limits import Limits

SIGNS = "-_'.@"
ALLOWED = re.compile(r"[A-Za-z0-9\-_'.@]*")
NINE_DIGITS = re.compile(r"[0-9](?:[-_'.@]?[0-9]){8}")


class Refusal(StrEnum):
    USER_ID_LENGTH = "user_id_length"
    USER_ID_SIGNS = "user_id_signs"
    USER_ID_NEEDS_LETTER = "user_id_needs_letter"
    USER_ID_ENDS = "user_id_ends"
    USER_ID_DOUBLE_SIGN = "user_id_double_sign"
    USER_ID_NINE_DIGITS = "user_id_nine_digits"
    USER_ID_FOREIGN_EMAIL = "user_id_foreign_email"
    EMAIL_NOT_THE_SAME = "email_not_the_same"
    TOO_MANY_CHECKS = "too_many_user_id_checks"
    TOO_MANY_SUBMITS = "too_many_submits"
    TOO_MANY_CHECKS_FROM_HERE = "too_many_user_id_checks_from_one_source"
    COUNTRY_IS_US = "country_is_us"
    TOO_MANY_REGISTRATIONS = "too_many_registrations"
    REGISTRATION_OVER = "registration_over"


@dataclass(frozen=True)
class Step:
    """One page of the journey. `opens_after`: the steps whose answers it needs; `forgets`: answers not kept on a way back."""

    name: str
    opens_after: tuple[str, ...] = ()
    forgets: tuple[str, ...] = ()


STEPS = (
    Step("personal"),
    Step("contact", opens_after=("personal",)),
    Step("password", opens_after=("personal", "contact"), forgets=("password", "password_again", "answer")),
)
STEP_NAMED = {step.name: step for step in STEPS}


def furthest(answered: frozenset[str]) -> Step:
    """The last step that is open when these were answered; no step can be skipped. [R-1, AX02]"""
    return [step for step in STEPS if is_open(step, answered)][-1]


def is_open(step: Step, answered: frozenset[str]) -> bool:
    return answered.issuperset(step.opens_after)


def user_id_objections(user_id: str, own_email: str, limits: Limits) -> Iterator[No]:
    """Everything that speaks against a user ID, whether it is taken aside. [R-3]"""
    if not limits.user_id_shortest <= len(user_id) <= limits.user_id_longest:
        yield No(Refusal.USER_ID_LENGTH, {"least": limits.user_id_shortest, "most": limits.user_id_longest})
    if not ALLOWED.fullmatch(user_id):
        yield No(Refusal.USER_ID_SIGNS)
    if not re.search(r"[A-Za-z]", user_id):
        yield No(Refusal.USER_ID_NEEDS_LETTER)
    if user_id[:1] in SIGNS or user_id[-1:] in SIGNS:
        yield No(Refusal.USER_ID_ENDS)
    if re.search(rf"[{re.escape(SIGNS)}]{{2}}", user_id):
        yield No(Refusal.USER_ID_DOUBLE_SIGN)
    if NINE_DIGITS.search(user_id):
        yield No(Refusal.USER_ID_NINE_DIGITS)
    if names_a_mailbox(user_id) and not is_same_mailbox(user_id, own_email):
        yield No(Refusal.USER_ID_FOREIGN_EMAIL)


def names_a_mailbox(user_id: str) -> bool:
    """Whether that user ID being taken would tell that a mailbox has an account: then nobody is told (A-4). [R-3]"""
    return "@" in user_id


def is_same_mailbox(user_id: str, own_email: str) -> bool:
    """Letter by letter but for case, of plain letters alone: a look-alike (K for k) is another mailbox. [R-3, AX10]"""
    return user_id.isascii() and own_email.isascii() and user_id.lower() == own_email.lower()


US_NAMES = frozenset({"US", "USA", "UNITEDSTATES", "UNITEDSTATESOFAMERICA", "AMERICA"})


def may_be_abroad(country: str) -> Yes | No:
    """A country that is not the United States under another of its names. [A-8]"""
    letters = "".join(filter(str.isalpha, country)).upper().removeprefix("THE")
    return No(Refusal.COUNTRY_IS_US) if letters in US_NAMES else Yes()
