"""Saving answers: nobody's acknowledged answer is lost, nothing signed is changed unnoticed (F-7, F-8)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms.actions.moving import locked, move, void_signing
from bailiwick.spot.forms.actions.versions import TIN, marks, readable, stretched_tin, write_version
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries import answers_of, kind_of
from bailiwick.spot.rules.forms import Event, Refusal
from bailiwick.spot.rules.schema import FieldType, settled

# A remark on no one field is answered by any change.
WHOLE_FORM = ""


def save_answers(
    *, case: Case, block: str, answers: Mapping[str, str], expected_revision: int, by: By, now: datetime
) -> Case:
    """Save answers of one block as the next revision; fields left out stay as they are, "" takes an answer back.

    Saving what is there already changes nothing, at whatever revision. A form that was signed, or is out to be signed,
    is a draft again, its signature and invitation void. Raises CHANGED_ELSEWHERE(revision) where `expected_revision` is
    not the newest; BLOCK_UNKNOWN; ANSWERS_MALFORMED(problems={field: Finding}); NOT_NOW, CASE_EXPIRED, CASE_DECIDED.
    """
    part = _part(case, block, answers)
    tin_digest = stretched_tin(part)
    with transaction.atomic():
        held = locked(case, Event.SAVE, now)
        kept = tin_digest if TIN in part else held.tin_digest
        return keep(
            held, part, block=block, expected_revision=expected_revision, tin_digest=kept, by=by, now=now
        )


def keep(
    held: Case,
    part: Mapping[str, str],
    *,
    block: str,
    expected_revision: int,
    tin_digest: bytes | None,
    by: By,
    now: datetime,
) -> Case:
    """Write readable answers into a case that is locked for a save. Raises CHANGED_ELSEWHERE(revision)."""
    kind, before = kind_of(held), answers_of(held)
    after = settled(kind, {**before, **part})
    if after == before:
        return held
    if held.revision != expected_revision:
        raise Refused(Refusal.CHANGED_ELSEWHERE, revision=held.revision)
    void_signing(held, by=by, now=now)
    changed = [one.code for one in kind.fields if before.get(one.code) != after.get(one.code)]
    held.remarks.filter(resolved_at=None, field__in=[*changed, WHOLE_FORM]).update(resolved_at=now)
    held.revision += 1
    write_version(held, after, by=by, now=now)
    about = {"block": block, "fields": changed}
    return move(held, Event.SAVE, by=by, now=now, about=about, **marks(after, tin_digest))


def _part(case: Case, block: str, answers: Mapping[str, str]) -> dict[str, str]:
    found = kind_of(case).block(block)
    if found is None:
        raise Refused(Refusal.BLOCK_UNKNOWN)
    # A list is written by `save_rows` alone: its answer stands for lines that are there.
    typed = {one.code: one for one in found.fields if one.type is not FieldType.ROWS}
    read, wrong = readable(typed, answers)
    if wrong:
        raise Refused(Refusal.ANSWERS_MALFORMED, problems={code: no.because for code, no in wrong.items()})
    return read
