"""What an approved form enrolls: its answers as an enrollment record, and as the data PC-ACE asks for (F-11). Pure."""

from collections.abc import Mapping
from typing import Any

from bailiwick.spot.rules.services import Pair, Service

YES = "yes"


def is_addition(answers: Mapping[str, str]) -> bool:
    """Whether the form adds to a submitter ID that exists, instead of asking for a new one (F-5)."""
    return answers["request_type"] == "add"


def wants_pc_ace(answers: Mapping[str, str]) -> bool:
    return answers.get("pc_ace") == YES


def document_of(organization_kind: str, answers: Mapping[str, str]) -> dict[str, Any]:
    """The record as the provisioning API describes it, without submitter ID, version and status.

    `answers` are those that count (`rules.schema.settled`). Raises KeyError for a form that is not complete.
    """
    backup = person_of(answers, "backup") if answers.get("has_backup") == YES else None
    return {
        "legal_name": answers["group_name"],
        "kind": organization_kind,
        "tin": answers["tin"],
        "tin_tag": answers["tin_tag"],
        "address": address_of(answers),
        "phone": answers["contact_phone"],
        "city": answers["city"],
        "state": answers["address_state"],
        "zip": answers["zip"],
        "approver": person_of(answers, "approver"),
        **({"backup": backup} if backup else {}),
    }


def pair_of(answers: Mapping[str, str]) -> Pair:
    """The provider of the form as the payer knows them (E-1)."""
    return Pair(answers["group_ptan"], answers["group_npi"], answers["line_of_business"])


def services_of(answers: Mapping[str, str]) -> frozenset[Service]:
    """What the form asks for under its submitter ID (F-2, E-1)."""
    return frozenset({Service.CLAIMS}) if answers.get("claims_837") == YES else frozenset()


def person_of(answers: Mapping[str, str], who: str) -> dict[str, str]:
    """`who`: approver, backup, contact or official."""
    return {part: answers.get(f"{who}_{part}", "") for part in ("name", "email", "phone")}


def address_of(answers: Mapping[str, str]) -> str:
    return ", ".join(filter(None, (answers["address_line_1"], answers.get("address_line_2", ""))))


def pc_ace_items(answers: Mapping[str, str], *, submitter_id: str, legal_name: str) -> list[tuple[str, str]]:
    """(code of a word, value) of what is typed into PC-ACE. No TIN: a letter by e-mail shows none (A-3)."""
    return [
        ("submitter_id", submitter_id),
        ("submitter_name", legal_name),
        ("address", address_of(answers)),
        ("city_state_zip", f"{answers['city']}, {answers['address_state']} {answers['zip']}"),
        ("contact", answers["contact_name"]),
        ("phone", answers["contact_phone"]),
        ("email", answers["contact_email"]),
        ("line_of_business", answers["line_of_business"]),
        ("ptan", answers["group_ptan"]),
        ("npi", answers["group_npi"]),
    ]
