"""What an approved form does: its answers as an enrollment record, a change of one, and PC-ACE's data (F-11, F-12). Pure."""

import re
from collections.abc import Mapping
from typing import Any

from bailiwick.spot.rules.schema import Aim
from bailiwick.spot.rules.services import Pair, Service

YES = "yes"
TO_THIS, TO_EXISTING, TO_PAPER = "this", "existing", "paper"
"""Answers that move the remittance; any other keeps it as it is (F-2)."""


def is_addition(answers: Mapping[str, str]) -> bool:
    """Whether the form adds to a submitter ID that exists, instead of asking for a new one (F-5)."""
    return answers.get("request_type") == "add"


def brings_new(aim: str, answers: Mapping[str, str]) -> bool:
    """Whether an approval issues a submitter ID."""
    return aim == Aim.ENROLL and not is_addition(answers)


def is_removal(answers: Mapping[str, str]) -> bool:
    """Whether the form takes its provider out of a submitter ID."""
    return answers.get("request_type") == "remove"


def wants_pc_ace(answers: Mapping[str, str]) -> bool:
    return answers.get("pc_ace") == YES or answers.get("request_type") == "pc_ace"


def name_of(answers: Mapping[str, str]) -> str:
    """The organization that the form is about, as it names it."""
    return answers.get("group_name") or answers.get("submitter_name", "")


def moves_era(answers: Mapping[str, str]) -> bool:
    """Whether the form says where the remittance goes from now on (E-2)."""
    return answers.get("era") in (TO_THIS, TO_EXISTING, TO_PAPER)


def changes_people(answers: Mapping[str, str]) -> bool:
    """Whether an update names another approver or backup, or none (F-8: that waits for objection)."""
    return answers.get("approver_change") == "replace" or answers.get("backup_change") in ("name", "remove")


def changes_of(answers: Mapping[str, str]) -> dict[str, Any]:
    """What an update changes of its record, as the provisioning API names it (F-12); nothing where nothing is to change."""
    changes: dict[str, Any] = {}
    if answers.get("approver_change") == "replace":
        changes["approver"] = person_of(answers, "approver")
        changes |= {"handover_on": answers["handover_on"]} if answers.get("handover_on") else {}
    if answers.get("backup_change") == "name":
        changes["backup"] = person_of(answers, "backup")
    if answers.get("backup_change") == "remove":
        changes["backup"] = None
    if answers.get("name_change") == YES:
        changes["legal_name"] = answers["new_name"]
    if answers.get("address_change") == YES:
        changes |= {
            "address": address_of(answers),
            "city": answers["city"],
            "state": answers["address_state"],
            "zip": answers["zip"],
            "phone": answers["company_phone"],
        }
    return changes


def changes_nothing(aim: str, answers: Mapping[str, str]) -> bool:
    """Whether everything that could change was answered with "keep": such a form is not signed."""
    if aim == Aim.UPDATE:
        return answers.get("address_change", "") != "" and not changes_of(answers)
    if "contacts_change" in answers:
        return answers["contacts_change"] == "no" and answers.get("has_list") == "no"
    return answers.get("request_type") == "era" and answers.get("era") == "keep"


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
        "phone": answers.get("company_phone") or answers["contact_phone"],
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
    asks = answers.get("claims_837") == YES or answers.get("request_type") in ("claims", "pc_ace")
    return frozenset({Service.CLAIMS}) if asks else frozenset()


def kept_of(answers: Mapping[str, str]) -> frozenset[str]:
    """The submitter IDs that the form names to go on sending claims, however they are typed (E-3)."""
    return frozenset(filter(None, re.split(r"[^0-9A-Z]+", answers.get("claims_kept", "").upper())))


def person_of(answers: Mapping[str, str], who: str) -> dict[str, str]:
    """`who`: approver, backup, contact or official."""
    return {part: answers.get(f"{who}_{part}", "") for part in ("name", "email", "phone")}


def address_of(answers: Mapping[str, str]) -> str:
    return ", ".join(filter(None, (answers.get("address_line_1", ""), answers.get("address_line_2", ""))))


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
