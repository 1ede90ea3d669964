"""What a kind of form consists of, and what of it a person has to answer (F-1, F-2). Pure.

A field is shown when its condition holds; an answer to a field that is not shown is no answer and is dropped, so that
what is signed is exactly what was seen.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Any

Answers = Mapping[str, str]


class FieldType(StrEnum):
    """How an answer is typed, and so which shape it must have; see rules/answers.py."""

    TEXT = "text"
    CHOICE = "choice"
    SELECT = "select"
    YES_NO = "yes_no"
    TICK = "tick"
    EMAIL = "email"
    PHONE = "phone"
    EXTENSION = "extension"
    ZIP = "zip"
    STATE = "state"
    PTAN = "ptan"
    NPI = "npi"
    TIN = "tin"
    SUBMITTER_ID = "submitter_id"
    ROWS = "rows"
    WEBSITE = "website"
    DAY = "day"


class Aim(StrEnum):
    """What an approval does: issue a submitter ID (or add to one), rewrite a record, or change a provider's services."""

    ENROLL = "enroll"
    UPDATE = "update"
    CHANGE = "change"


THIRD_PARTY = "billing_service"
OF_RECORD = "of_record"
"""An organization kind: that of the enrollment record which the form names."""


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    description: str = ""


@dataclass(frozen=True)
class Field:
    """One question. `shown_when`: {code of an earlier field: the answers to it with which this one is asked}.

    `text` is a longer text to read above the field, such as license terms; `checks` names further checks by their name.
    `default`: the answer that is chosen already; `rows`: which list a field of type `rows` holds, see rules/lists.py.
    """

    code: str
    label: str
    type: FieldType
    help: str = ""
    text: str = ""
    required: bool = True
    max_length: int = 200
    choices: tuple[Choice, ...] = ()
    shown_when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    checks: tuple[str, ...] = ()
    default: str = ""
    rows: str = ""


@dataclass(frozen=True)
class Block:
    """A step of the form. A step that holds a list holds nothing else."""

    code: str
    title: str
    fields: tuple[Field, ...]
    intro: str = ""

    @property
    def list_field(self) -> Field | None:
        return next((one for one in self.fields if one.type is FieldType.ROWS), None)


@dataclass(frozen=True)
class Agreement:
    """What the official agrees to. A changed text has a new version."""

    version: str
    text: str


@dataclass(frozen=True)
class FormKind:
    """One version of one kind of form. `instructions` are paragraphs, readable before starting (F-1).

    `organization_kind`: what it enrolls, "provider_office" or "billing_service", or OF_RECORD.
    """

    code: str
    version: int
    name: str
    organization_kind: str
    summary: str
    instructions: tuple[str, ...]
    agreement: Agreement
    blocks: tuple[Block, ...]
    aim: str = Aim.ENROLL.value

    @property
    def fields(self) -> tuple[Field, ...]:
        return tuple(one for block in self.blocks for one in block.fields)

    @property
    def is_of_its_record(self) -> bool:
        """Whether the form is the enrolled organization's own: it counts only with TIN and kind of the record it names.

        A provider's change is not: it may name whatever submitter serves the provider.
        """
        is_third_partys = self.aim == Aim.CHANGE and self.organization_kind == THIRD_PARTY
        return self.aim == Aim.UPDATE or is_third_partys

    def is_about(self, organization_kind: str) -> bool:
        """Whether an organization of this kind files the form for itself."""
        return self.organization_kind in (OF_RECORD, organization_kind)

    def block(self, code: str) -> Block | None:
        return next((block for block in self.blocks if block.code == code), None)

    def field(self, code: str) -> Field | None:
        return next((one for one in self.fields if one.code == code), None)

    def block_of(self, field_code: str) -> Block | None:
        return next((b for b in self.blocks if any(one.code == field_code for one in b.fields)), None)


def is_shown(one: Field, answers: Answers) -> bool:
    """Whether the field is asked, given the answers so far. [F-2]"""
    return all(answers.get(code, "") in wanted for code, wanted in one.shown_when.items())


def shown(kind: FormKind, answers: Answers) -> Iterator[Field]:
    """The fields that are asked, in order, each judged by the answers that count themselves."""
    counting: dict[str, str] = {}
    for one in kind.fields:
        if is_shown(one, counting):
            counting[one.code] = answers.get(one.code, "")
            yield one


def settled(kind: FormKind, answers: Answers) -> dict[str, str]:
    """The answers that count: to fields that are asked, none empty, in the form's order. [F-2]"""
    return {one.code: answers[one.code] for one in shown(kind, answers) if answers.get(one.code)}


def unanswered(kind: FormKind, answers: Answers) -> list[Field]:
    """The required fields that are asked and have no answer. [F-9]"""
    return [one for one in shown(kind, answers) if one.required and not answers.get(one.code)]


def canonical(
    *,
    kind: str,
    kind_version: int,
    agreement_version: str,
    tracking: str,
    revision: int,
    salt: str,
    answers: Answers,
) -> str:
    """The form as one text, always the same for the same form: what a signature's digest is taken of. [F-8]

    `salt` is random and kept sealed with the answers: without it nobody finds a TIN by trying all of them.
    """
    form: dict[str, Any] = {
        "agreement": agreement_version,
        "answers": dict(answers),
        "kind": kind,
        "kind_version": kind_version,
        "revision": revision,
        "salt": salt,
        "tracking": tracking,
    }
    return json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """SHA-256 of a canonical form, in hex. [F-8]"""
    return sha256(text.encode()).hexdigest()
