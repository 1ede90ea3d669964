"""How long forms take, read set by set (B-3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from bailiwick.spot.enrollment.queries import OfForm, versions_by_form
from bailiwick.spot.forms.models import Case, Move
from bailiwick.spot.rules.forms import State
from bailiwick.spot.rules.waiting import Journey
from bailiwick.spot.signin.models import FirstEntry
from bailiwick.spot.signin.queries import first_entries

AT_A_TIME = 400
STATES = {state.value: state for state in State}
OPEN = (
    State.SUBMITTED.value,
    State.IN_REVIEW.value,
    State.RETURNED.value,
    State.AWAITING_SIGNATURE.value,
    State.DRAFT.value,
)


class Timed(NamedTuple):
    """A form whose times are told: of thousands, nothing else is read."""

    pk: UUID
    tracking: str
    record_id: UUID | None
    organization: str
    submitted_at: datetime


def approved_since(since: datetime, *, most: int, kind: str = "") -> list[Timed]:
    """Forms that were approved from then on, the newest first."""
    rows = Case.objects.filter(decided_at__gte=since, state=State.APPROVED.value).order_by("-decided_at")
    return _timed(rows, kind, most)


def open_longest(most: int, *, kind: str = "") -> list[Timed]:
    """Forms that were submitted and are not decided, the one that was submitted first on top."""
    return _timed(Case.objects.filter(state__in=OPEN).order_by("submitted_at"), kind, most)


def _timed(rows: QuerySet[Case], kind: str, most: int) -> list[Timed]:
    rows = rows.filter(submitted_at__isnull=False, **({"kind": kind} if kind else {}))
    return [Timed(*row) for row in rows.values_list(*Timed._fields)[:most]]


def journeys_of(cases: Sequence[Timed]) -> dict[UUID, Journey]:
    """The journey of each of some forms; three statements for every few hundred."""
    found: dict[UUID, Journey] = {}
    for start in range(0, len(cases), AT_A_TIME):
        found |= _journeys(cases[start : start + AT_A_TIME])
    return found


def _journeys(cases: Sequence[Timed]) -> dict[UUID, Journey]:
    moves: dict[UUID, list[tuple[State, datetime]]] = {case.pk: [] for case in cases}
    rows = Move.objects.filter(case__in=list(moves)).order_by("case", "pk")
    for pk, state, at in rows.values_list("case_id", "to_state", "at"):
        moves[pk].append((STATES[state], at))
    versions = versions_by_form({case.record_id for case in cases if case.record_id})
    entries = first_entries(told.submitter_id for told in versions.values() if told.version == 1)
    return {case.pk: _journey(moves[case.pk], versions.get(case.tracking), entries) for case in cases}


def _journey(
    moves: list[tuple[State, datetime]], told: OfForm | None, entries: dict[str, FirstEntry]
) -> Journey:
    if told is None:
        return Journey(tuple(moves))
    entry = entries.get(told.submitter_id) if told.version == 1 else None
    return Journey(
        moves=tuple(moves),
        is_delivered=True,
        is_new=told.version == 1,
        confirmed_at=told.confirmed_at,
        granted_at=entry.granted_at if entry else None,
        entered_at=entry.entered_at if entry else None,
    )
