"""Kinds of forms, and what a case says at a revision (F-1, F-8)."""

import json
from dataclasses import dataclass

from bailiwick.ground import vault
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.forms.kinds import all_kinds
from bailiwick.spot.forms.models import ANSWERS, ROWS, Case, Version
from bailiwick.spot.rules.lists import LISTS, MIGRATION, ListKind, RowsOnFile, but_those_in_spot, pair_of
from bailiwick.spot.rules.schema import OF_RECORD, Answers, Field, FieldType, FormKind, canonical
from bailiwick.spot.services.queries import pairs_ever_served

PROVIDER_OFFICE = "provider_office"


@dataclass(frozen=True)
class Opened:
    """The unsealed answers of one version, and the salt that its digest was made with."""

    answers: dict[str, str]
    salt: str


def kinds() -> tuple[FormKind, ...]:
    """The newest version of every kind: what can be started now (F-1)."""
    newest = {one.code: one for one in all_kinds()}
    return tuple(newest.values())


def kind(code: str, version: int | None = None) -> FormKind | None:
    """One version of a kind, or its newest."""
    found = [one for one in all_kinds() if one.code == code and version in (None, one.version)]
    return found[-1] if found else None


def kind_of(case: Case) -> FormKind:
    """The version of the kind that the case was started with. Raises LookupError where its file is gone."""
    found = kind(case.kind, case.kind_version)
    if found is None:
        raise LookupError(f"kinds/ lacks version {case.kind_version} of {case.kind}.")
    return found


def organization_kind_of(case: Case, answers: Answers) -> str:
    """What kind of organization the form is about; where its record is unknown a provider office, the stricter one (F-8)."""
    kind = kind_of(case).organization_kind
    if kind != OF_RECORD:
        return kind
    record = record_with(answers.get("submitter_id", ""))
    return record.kind if record else PROVIDER_OFFICE


def rows_of(case: Case, field: Field, answers: Answers) -> list[dict[str, str]]:
    """The lines of the list that the answers name; none where there is no list (F-4)."""
    answer = answers.get(field.code, "")
    found = case.lists.filter(digest=answer.partition(":")[2]).first() if answer else None
    if found is None:
        return []
    sealed = vault.unseal(found.rows_sealed, place=ROWS, row=f"{case.pk}:{found.digest}")
    _kind, _salt, lines = json.loads(sealed)
    return [dict(zip(LISTS[field.rows].codes, cells, strict=True)) for cells in lines]


def listed_of(case: Case, answers: Answers) -> tuple[ListKind, list[dict[str, str]]] | None:
    """The kind and the lines of the form's list; None where it has none (F-4)."""
    field = next((one for one in kind_of(case).fields if one.type is FieldType.ROWS), None)
    if field is None or field.code not in answers:
        return None
    return LISTS[field.rows], rows_of(case, field, answers)


def borne_out(
    kind: ListKind, rows: list[dict[str, str]], said: RowsOnFile, *, record: EnrollmentRecord | None
) -> RowsOnFile:
    """What the payer says of the lines, but for those of a migration list whom its filer served in SPOT (F-4, E-5)."""
    if record is None or kind.code != MIGRATION:
        return said
    return but_those_in_spot(rows, said, pairs_ever_served(record, [pair_of(row) for row in rows]))


def list_digest(case: Case, answers: Answers) -> str:
    """The SHA-256 by which the form's answer names its list; "" where it has none."""
    field = next((one for one in kind_of(case).fields if one.type is FieldType.ROWS), None)
    return answers.get(field.code, "").partition(":")[2] if field else ""


def version_of(case: Case, revision: int | None = None) -> Version:
    return case.versions.get(revision=case.revision if revision is None else revision)


def versions_of(case: Case) -> list[Version]:
    """Every version, the newest first."""
    return list(case.versions.order_by("-revision"))


def answers_of(case: Case, revision: int | None = None) -> dict[str, str]:
    """What the case says, by field code; nothing where it expired unsigned and was forgotten."""
    return opened(case, revision).answers


def opened(case: Case, revision: int | None = None) -> Opened:
    version = version_of(case, revision)
    if not version.answers_sealed:
        return Opened({}, "")
    row = f"{version.case_id}:{version.revision}"
    held = json.loads(vault.unseal(version.answers_sealed, place=ANSWERS, row=row))
    return Opened(held["answers"], held["salt"])


def canonical_of(case: Case, revision: int | None = None) -> str:
    """The text that a signature's digest is the SHA-256 of (F-8)."""
    at = case.revision if revision is None else revision
    held = opened(case, at)
    return canonical(
        kind=case.kind,
        kind_version=case.kind_version,
        agreement_version=kind_of(case).agreement.version,
        tracking=case.tracking,
        revision=at,
        salt=held.salt,
        answers=held.answers,
    )


def changes_between(case: Case, first: int, second: int) -> list[tuple[Field, str, str]]:
    """Field, answer at the first revision, answer at the second: where they differ, in the form's order (B-1)."""
    before, after = answers_of(case, first), answers_of(case, second)
    return [
        (one, before.get(one.code, ""), after.get(one.code, ""))
        for one in kind_of(case).fields
        if before.get(one.code, "") != after.get(one.code, "")
    ]
