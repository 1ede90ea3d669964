"""The enrollment record as an application sends it to IDM (O-4): `PUT /api/v1/enrollment-records/<submitter_id>`."""

import re
from dataclasses import asdict, dataclass
from typing import Any

KINDS = frozenset({"provider_office", "billing_service"})
TIN_TAGS = frozenset({"ein", "ssn"})
STATUSES = frozenset({"active", "closed"})
SUBMITTER_ID = re.compile(r"[A-Z0-9]{3,20}")
LONGEST = 200


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
class EnrollmentRecord:
    """An organization as its approved form describes it (G-1). `version` rises with each change at the application."""

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

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


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
    known = {*text_fields, "version", "approver", "backup"}
    problems.update({str(name): "This field is not known." for name in data if name not in known})
    values = {name: _text(data, name, problems) for name in text_fields}
    version = data.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version < 2**31:
        problems["version"] = "A whole number from 1."
    _check_words(values, problems)
    approver = _person(data.get("approver"), "approver", problems)
    backup = _person(data["backup"], "backup", problems) if data.get("backup") is not None else None
    if problems or approver is None or not isinstance(version, int):
        raise MalformedRecordError(problems)
    return EnrollmentRecord(version=version, approver=approver, backup=backup, **values)


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
