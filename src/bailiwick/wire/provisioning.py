"""The enrollment record as an application sends it to IDM (O-4): `PUT /api/v1/enrollment-records/<submitter_id>`."""

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from json import dumps
from typing import Any

KINDS = frozenset({"provider_office", "billing_service"})
TIN_TAGS = frozenset({"ein", "ssn"})
STATUSES = frozenset({"active", "closed"})
SUBMITTER_ID = re.compile(r"[A-Z0-9]{3,20}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST = 200
LONGEST_NUMBER = 40
OPTIONAL = frozenset({"form", "handover_on"})
FORM_FIELDS = ("number", "signed_by", "signed_at")


class MalformedRecordError(ValueError):
    """What is wrong with a record, as `{field: sentence}`."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(", ".join(sorted(problems)))
        self.problems = problems


@dataclass(frozen=True)
class PersonOfRecord:
    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True)
class SignedForm:
    """The form behind a version: its number at the application, who signed it, and when (ISO 8601, with its zone)."""

    number: str
    signed_by: str
    signed_at: str


@dataclass(frozen=True)
class EnrollmentRecord:
    """An organization as its approved form describes it (G-1). `version` rises with each change at the application.

    `handover_on`: the last day, "YYYY-MM-DD", of the roles of whoever this version no longer names as approver or backup;
    "" where each ends when the role of the person named instead starts (G-8).
    """

    submitter_id: str
    version: int
    legal_name: str
    kind: str
    tin: str
    tin_tag: str
    address: str
    phone: str
    city: str
    state: str
    zip: str
    status: str
    approver: PersonOfRecord
    backup: PersonOfRecord | None = None
    form: SignedForm | None = None
    handover_on: str = ""

    def to_json(self) -> dict[str, Any]:
        """Without what most versions have none of, so that an earlier one reads as it was sent."""
        return {name: value for name, value in asdict(self).items() if name not in OPTIONAL or value}


def content_digest(record: EnrollmentRecord) -> str:
    """SHA-256 of all that a record says but its TIN. The form behind it may be named later, and is no part of it (Q-11)."""
    aside = {"tin", "version", "form"}
    content = {name: value for name, value in record.to_json().items() if name not in aside}
    return sha256(dumps(content, sort_keys=True).encode()).hexdigest()


def fingerprint(*, content: str, tin: str) -> str:
    """What both programs compare of a version that both hold; `content` is `content_digest`. Told to who sent the record only."""
    return sha256(f"{content}:{tin}".encode()).hexdigest()


def record_from_json(data: Any) -> EnrollmentRecord:
    """Parse and check shape. Raises MalformedRecordError naming every bad field; unknown fields are bad."""
    problems: dict[str, str] = {}
    if not isinstance(data, dict):
        raise MalformedRecordError({"": "The body is a JSON object."})
    text_fields = [
        "submitter_id",
        "legal_name",
        "kind",
        "tin",
        "tin_tag",
        "address",
        "phone",
        "city",
        "state",
        "zip",
        "status",
    ]
    known = {*text_fields, "version", "approver", "backup", "form", "handover_on"}
    problems.update({str(name): "This field is not known." for name in data if name not in known})
    values = {name: _text(data, name, problems) for name in text_fields}
    version = data.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version < 2**31:
        problems["version"] = "A whole number from 1."
    _check_words(values, problems)
    approver = _person(data.get("approver"), "approver", problems)
    backup = _person(data["backup"], "backup", problems) if data.get("backup") is not None else None
    form = _form(data["form"], problems) if data.get("form") is not None else None
    handover_on = _day(data.get("handover_on", ""), "handover_on", problems)
    if problems or approver is None or not isinstance(version, int):
        raise MalformedRecordError(problems)
    return EnrollmentRecord(
        version=version, approver=approver, backup=backup, form=form, handover_on=handover_on, **values
    )


def _day(value: Any, name: str, problems: dict[str, str]) -> str:
    try:
        if value == "" or (isinstance(value, str) and DAY.fullmatch(value) and date.fromisoformat(value)):
            return str(value)
    except ValueError:  # of that form, but no day: "2026-02-30"
        pass
    problems[name] = 'A day, "YYYY-MM-DD", or nothing.'
    return ""


def _form(value: Any, problems: dict[str, str]) -> SignedForm | None:
    texts = [value.get(name) for name in FORM_FIELDS] if isinstance(value, dict) else []
    number, signed_by, signed_at = (text if isinstance(text, str) else "" for text in texts or ("", "", ""))
    is_text = all(text.strip() and text.isprintable() for text in (number, signed_by))
    if not is_text or not _is_instant(signed_at) or set(value) != set(FORM_FIELDS):
        problems["form"] = "An object with number, signed_by, and signed_at as an instant with its zone."
        return None
    if len(number) > LONGEST_NUMBER or len(signed_by) > LONGEST:
        problems["form"] = (
            f"A number of at most {LONGEST_NUMBER} characters, and a name of at most {LONGEST}."
        )
        return None
    return SignedForm(number, signed_by, signed_at)


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _text(data: dict[str, Any], name: str, problems: dict[str, str]) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST or not value.isprintable():
        problems[name] = f"Text of 1 to {LONGEST} printable characters."
        return ""
    return value.strip()


def _check_words(values: dict[str, str], problems: dict[str, str]) -> None:
    checks = {
        "submitter_id": (
            bool(SUBMITTER_ID.fullmatch(values["submitter_id"])),
            "3 to 20 capital letters and digits.",
        ),
        "kind": (values["kind"] in KINDS, f"One of {', '.join(sorted(KINDS))}."),
        "tin_tag": (values["tin_tag"] in TIN_TAGS, f"One of {', '.join(sorted(TIN_TAGS))}."),
        "status": (values["status"] in STATUSES, f"One of {', '.join(sorted(STATUSES))}."),
        "tin": (bool(re.fullmatch(r"[0-9]{9}", values["tin"])), "Nine digits."),
        "zip": (bool(re.fullmatch(r"[0-9]{5}([0-9]{4})?", values["zip"])), "Five or nine digits."),
    }
    problems.update({name: why for name, (good, why) in checks.items() if not good and name not in problems})


def _person(value: Any, name: str, problems: dict[str, str]) -> PersonOfRecord | None:
    if not isinstance(value, dict) or not set(value) <= {"name", "email", "phone"}:
        problems[name] = "An object with name, email and phone."
        return None
    fields = {key: value.get(key, "") for key in ("name", "email", "phone")}
    if not all(
        isinstance(text, str) and len(text) <= LONGEST and (text == "" or text.isprintable())
        for text in fields.values()
    ):
        problems[name] = "Name, e-mail and phone are printable text."
        return None
    if not fields["name"] or "@" not in fields["email"]:
        problems[name] = "A name and an e-mail address."
        return None
    return PersonOfRecord(**fields)
