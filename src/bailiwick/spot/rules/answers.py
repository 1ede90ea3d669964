"""Which answers have the shape of what was asked: NPI check digit, PTAN, TIN, US address, phone, e-mail (F-6). Pure.

`normalized` looks at one answer, `clashes` at answers beside each other, `untimely` at days beside the day that it is.
Whether something is on file is not known here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from enum import StrEnum

from stdnum import luhn

from bailiwick.ground.rulings import No
from bailiwick.spot.rules.schema import Answers, Field, FieldType, FormKind, shown
from bailiwick.spot.rules.states import STATES, is_zip_of
from bailiwick.spot.rules.submitterids import LENGTH, is_well_formed

# An NPI is the end of a card number whose beginning says "health, United States".
NPI_ISSUER = "80840"
PHONE_DIGITS = 10
# What people type goes into mails that SPOT sends to others: no address there may be a stranger's.
WEB_ADDRESS = re.compile(
    r"://|\bwww\.|[a-z0-9]\.(?:com|net|org|info|biz|io|ru|cn|tk|xyz|top|site|online|link|click|app|shop)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"[^\W\d_]+(?:[ '\u2019.,-]{1,2}[^\W\d_]+)*\.?")
DAYS = ("%m/%d/%Y", "%Y-%m-%d")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])"
)


class Finding(StrEnum):
    """What stands between an answer, or a form, and its signature. Stable codes; the words are in `forms/words.py`."""

    FIELD_UNKNOWN = "answer_field_unknown"
    MISSING = "answer_missing"
    UNREADABLE = "answer_unreadable"
    TOO_LONG = "answer_too_long"
    NOT_A_CHOICE = "answer_not_a_choice"
    EMAIL_SHAPE = "answer_email_shape"
    PHONE_SHAPE = "answer_phone_shape"
    EXTENSION_SHAPE = "answer_extension_shape"
    ZIP_SHAPE = "answer_zip_shape"
    PTAN_SHAPE = "answer_ptan_shape"
    NPI_SHAPE = "answer_npi_shape"
    NPI_CHECK_DIGIT = "answer_npi_check_digit"
    TIN_SHAPE = "answer_tin_shape"
    SUBMITTER_ID_SHAPE = "answer_submitter_id_shape"
    DAY_SHAPE = "answer_day_shape"
    DAY_OVER = "answer_day_over"
    DAY_TOO_FAR = "answer_day_too_far"
    WEBSITE_SHAPE = "answer_website_shape"
    HAS_ADDRESS = "answer_has_web_address"
    NAME_NOT_LETTERS = "answer_name_not_letters"
    NAME_NOT_FULL = "answer_name_not_full"
    ZIP_NOT_IN_STATE = "answer_zip_not_in_state"
    SAME_AS_ANOTHER = "answer_same_as_another"
    NOTHING_TO_CHANGE = "form_changes_nothing"
    MAILBOX_UNPROVEN = "form_has_unproven_mailbox"
    PAYER_UNASKED = "form_payer_unasked"
    PAYER_NO_MATCH = "form_payer_no_match"
    PAYER_UNAVAILABLE = "form_payer_unavailable"
    PAIR_UNASKED = "form_pair_unasked"
    PAIR_NO_MATCH = "form_pair_no_match"
    RECORD_OF_ANOTHER_KIND = "form_record_of_another_kind"
    RECEIVER_UNASKED = "form_receiver_unasked"
    RECEIVER_NO_MATCH = "form_receiver_no_match"
    GROUP_ENROLLED = "form_has_enrolled_group"
    GROUP_IN_REVIEW = "form_has_group_in_review"
    TIN_SHARED = "form_has_shared_tin"


def normalized(one: Field, typed: str) -> str | No:
    """The answer as it is kept, "" for none; No(Finding) where it is no answer to this question. [F-6]"""
    if not typed.isascii() and any(unicodedata.category(sign) in UNREADABLE for sign in typed):
        return No(Finding.UNREADABLE)
    if typed.isascii() and not typed.replace("\t", " ").strip(" \r\n").isprintable():
        return No(Finding.UNREADABLE)
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    if len(text) > one.max_length:
        return No(Finding.TOO_LONG, {"most": one.max_length, "typed": len(text)})
    if not text:
        return ""
    read = SHAPES[one.type](one, text)
    return _full_name(read) if isinstance(read, str) and "full_name" in one.checks else read


def clashes(kind: FormKind, answers: Answers) -> Iterator[tuple[Field, No]]:
    """Answers that do not go together: a ZIP of another state, a backup who is the approver. [F-6]"""
    for one in shown(kind, answers):
        answer = answers.get(one.code, "")
        for check in one.checks if answer else ():
            name, _, other = check.partition(":")
            beside = answers.get(other, "")
            if name == "in_state" and beside in STATES and not is_zip_of(beside, answer):
                yield one, No(Finding.ZIP_NOT_IN_STATE, {"state": STATES[beside]})
            if name == "differs_from" and beside and answer.casefold() == beside.casefold():
                compared = kind.field(other)
                yield one, No(Finding.SAME_AS_ANOTHER, {"other": compared.label if compared else other})


def untimely(
    kind: FormKind, answers: Answers, *, today: date, ahead: timedelta
) -> Iterator[tuple[Field, No]]:
    """Days to come that are over already, or further `ahead` than a form of today should say. [G-8]"""
    for one in shown(kind, answers):
        answer = answers.get(one.code, "")
        if not answer or "day_to_come" not in one.checks:
            continue
        day = date.fromisoformat(answer)
        if day < today:
            yield one, No(Finding.DAY_OVER)
        elif day > today + ahead:
            yield one, No(Finding.DAY_TOO_FAR, {"days": ahead.days})


def is_npi(text: str) -> bool:
    """Ten digits, the first a 1 or 2, the last the check digit. [F-6]"""
    return re.fullmatch(r"[12][0-9]{9}", text) is not None and bool(luhn.is_valid(NPI_ISSUER + text))


def _text(_one: Field, text: str) -> str | No:
    return No(Finding.HAS_ADDRESS) if WEB_ADDRESS.search(text) else text


def _full_name(text: str) -> str | No:
    if not NAME.fullmatch(text):
        return No(Finding.NAME_NOT_LETTERS)
    return text if " " in text else No(Finding.NAME_NOT_FULL)


def _choice(one: Field, text: str) -> str | No:
    return text if text in {choice.value for choice in one.choices} else No(Finding.NOT_A_CHOICE)


def _yes_no(_one: Field, text: str) -> str | No:
    return text if text in {"yes", "no"} else No(Finding.NOT_A_CHOICE)


def _tick(_one: Field, text: str) -> str | No:
    return text if text == "yes" else No(Finding.NOT_A_CHOICE)


def _state(_one: Field, text: str) -> str | No:
    return text if text in STATES else No(Finding.NOT_A_CHOICE)


def _email(_one: Field, text: str) -> str | No:
    local = text.partition("@")[0]
    is_odd = local.startswith(".") or local.endswith(".") or ".." in local
    return text if EMAIL.fullmatch(text) and not is_odd else No(Finding.EMAIL_SHAPE)


def _phone(_one: Field, text: str) -> str | No:
    digits = re.sub(r"^\+?1(?=\D*[2-9])|[\s().\-–/]", "", text)
    is_phone = re.fullmatch(rf"[2-9][0-9]{{{PHONE_DIGITS - 1}}}", digits)
    return digits if is_phone else No(Finding.PHONE_SHAPE)


def _extension(_one: Field, text: str) -> str | No:
    return text if re.fullmatch(r"[0-9]{1,8}", text) else No(Finding.EXTENSION_SHAPE)


def _zip(_one: Field, text: str) -> str | No:
    digits = re.sub(r"[\s\-–]", "", text)
    return digits if re.fullmatch(r"[0-9]{5}(?:[0-9]{4})?", digits) else No(Finding.ZIP_SHAPE)


def _ptan(_one: Field, text: str) -> str | No:
    bare = re.sub(r"[\s\-–]", "", text).upper()
    return bare if re.fullmatch(r"(?=.*[0-9])[A-Z0-9]{4,10}", bare) else No(Finding.PTAN_SHAPE)


def _npi(_one: Field, text: str) -> str | No:
    bare = re.sub(r"[\s\-–]", "", text)
    if not re.fullmatch(r"[12][0-9]{9}", bare):
        return No(Finding.NPI_SHAPE)
    return bare if is_npi(bare) else No(Finding.NPI_CHECK_DIGIT)


def _tin(_one: Field, text: str) -> str | No:
    bare = re.sub(r"[\s\-–]", "", text)
    is_tin = re.fullmatch(r"[0-9]{9}", bare) and len(set(bare)) > 1
    return bare if is_tin else No(Finding.TIN_SHAPE)


def _submitter_id(_one: Field, text: str) -> str | No:
    bare = re.sub(r"[\s\-–]", "", text).upper()
    return bare if len(bare) == LENGTH and is_well_formed(bare) else No(Finding.SUBMITTER_ID_SHAPE)


def _day(_one: Field, text: str) -> str | No:
    for form in DAYS:
        with suppress(ValueError):
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
    return No(Finding.DAY_SHAPE)


def _website(_one: Field, text: str) -> str | No:
    """The name of a host alone: what stands behind it is not ours to repeat in mails."""
    bare = re.sub(r"^https?://|/$", "", text, flags=re.IGNORECASE).casefold()
    return bare if HOST.fullmatch(bare) else No(Finding.WEBSITE_SHAPE)


def _rows(_one: Field, text: str) -> str | No:
    return text if re.fullmatch(r"[1-9][0-9]{0,5}:[0-9a-f]{64}", text) else No(Finding.NOT_A_CHOICE)


SHAPES: dict[FieldType, Callable[[Field, str], str | No]] = {
    FieldType.TEXT: _text,
    FieldType.CHOICE: _choice,
    FieldType.SELECT: _choice,
    FieldType.YES_NO: _yes_no,
    FieldType.TICK: _tick,
    FieldType.EMAIL: _email,
    FieldType.PHONE: _phone,
    FieldType.EXTENSION: _extension,
    FieldType.ZIP: _zip,
    FieldType.STATE: _state,
    FieldType.PTAN: _ptan,
    FieldType.NPI: _npi,
    FieldType.TIN: _tin,
    FieldType.SUBMITTER_ID: _submitter_id,
    FieldType.ROWS: _rows,
    FieldType.WEBSITE: _website,
    FieldType.DAY: _day,
}
CHECKS = frozenset({"full_name", "in_state", "differs_from", "day_to_come"})
