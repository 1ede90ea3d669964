"""Saving a list that is attached to a form: its lines are kept once, sealed, and the form's answer names them by digest (F-4)."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from bailiwick.ground import vault
from bailiwick.ground.ledger import By
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms.actions.moving import locked
from bailiwick.spot.forms.actions.saving import keep
from bailiwick.spot.forms.actions.versions import SALT_BYTES
from bailiwick.spot.forms.models import ROWS, Case, RowList
from bailiwick.spot.forms.queries import answers_of, kind_of, rows_of
from bailiwick.spot.rules.forms import Event, Refusal
from bailiwick.spot.rules.lists import LISTS, Row, answer_of, canonical, merged, pair_of
from bailiwick.spot.rules.schema import Field
from bailiwick.spot.rules.services import Pair


def save_rows(
    *,
    case: Case,
    block: str,
    added: Iterable[Row],
    removed: Collection[Pair] = (),
    starts_anew: bool = False,
    expected_revision: int,
    by: By,
    now: datetime,
) -> Case:
    """Add lines to the list of a block (a provider who is on it gets the newer line), take lines out, or begin it anew.

    Nothing new changes nothing. Raises BLOCK_UNKNOWN, LIST_FULL(most), CHANGED_ELSEWHERE(revision), NOT_NOW,
    CASE_EXPIRED, CASE_DECIDED.
    """
    found = kind_of(case).block(block)
    field = found.list_field if found else None
    if field is None:
        raise Refused(Refusal.BLOCK_UNKNOWN)
    with transaction.atomic():
        held = locked(case, Event.SAVE, now)
        present = rows_of(held, field, answers_of(held))
        left = [] if starts_anew else [row for row in present if pair_of(row) not in removed]
        rows = merged(left, added)
        if len(rows) > settings.LIMITS.list_rows:
            raise Refused(Refusal.LIST_FULL, most=settings.LIMITS.list_rows)
        if rows == present:
            return held
        part = {field.code: _kept(held, field, rows, now=now) if rows else ""}
        digest = held.tin_digest
        saved = keep(
            held, part, block=block, expected_revision=expected_revision, tin_digest=digest, by=by, now=now
        )
        _forget_former(saved, field)
        return saved


def _forget_former(case: Case, field: Field) -> None:
    """Drafts of a list that nobody was ever asked to sign: a form that is saved again and again does not grow without end."""
    revisions = {case.revision, *case.invitations.values_list("revision", flat=True)}
    needed = {answers_of(case, revision).get(field.code, "").partition(":")[2] for revision in revisions}
    case.lists.exclude(digest__in=needed).delete()


def _kept(case: Case, field: Field, rows: list[Row], *, now: datetime) -> str:
    """The answer that stands for these lines, which are kept with it. A salt: nobody finds a TIN by its digest."""
    text = canonical(LISTS[field.rows], rows, secrets.token_hex(SALT_BYTES))
    answer = answer_of(text, len(rows))
    digest = answer.partition(":")[2]
    sealed = vault.seal(text, place=ROWS, row=f"{case.pk}:{digest}")
    RowList.objects.create(case=case, digest=digest, count=len(rows), rows_sealed=sealed, at=now)
    return answer
