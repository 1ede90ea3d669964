"""How long a form takes from its first submission to access, step by step (B-3). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from bailiwick.spot.rules.forms import State


class Step(StrEnum):
    """`role` and `entry` are asked of new organizations only: until somebody may enter, and until somebody does."""

    DESK = "desk"
    REVIEW = "review"
    CORRECTION = "correction"
    DELIVERY = "delivery"
    ROLE = "role"
    ENTRY = "entry"


NO_TIME = timedelta()
STEP_OF: dict[State, Step] = {
    State.SUBMITTED: Step.DESK,
    State.IN_REVIEW: Step.REVIEW,
    State.RETURNED: Step.CORRECTION,
    State.DRAFT: Step.CORRECTION,
    State.AWAITING_SIGNATURE: Step.CORRECTION,
}


@dataclass(frozen=True)
class Journey:
    """One form: the states it came to, in order, with when; and what followed its approval, as far as that has happened.

    `is_delivered`: whether it made or changed a record, of which IDM is told. `is_new`: whether it brought an organization.
    """

    moves: tuple[tuple[State, datetime], ...]
    is_delivered: bool = False
    is_new: bool = False
    confirmed_at: datetime | None = None
    granted_at: datetime | None = None
    entered_at: datetime | None = None

    @property
    def submitted_at(self) -> datetime | None:
        return next((at for state, at in self.moves if state is State.SUBMITTED), None)

    @cached_property
    def stretches(self) -> list[tuple[Step, datetime, datetime | None]]:
        """(step, since, until) from the first submission on; until None is now."""
        return _stretches(self)


@dataclass(frozen=True)
class Figures:
    """Of some spans: how many, the middle one, what nine of ten stay within, the longest."""

    count: int
    median: timedelta
    most: timedelta
    longest: timedelta


def spans(journey: Journey) -> dict[Step, timedelta]:
    """How long the form was in each step that it has left; a step that it was in twice counts as a whole. [B-3]"""
    found: dict[Step, timedelta] = {}
    for step, began, ended in journey.stretches:
        if ended is not None:
            found[step] = found.get(step, NO_TIME) + max(NO_TIME, ended - began)
    return found


def waits_in(journey: Journey) -> tuple[Step, datetime] | None:
    """The step that the form is in, and since when; None where it has led to access, or to nothing. [B-3]"""
    return next(((step, began) for step, began, ended in journey.stretches if ended is None), None)


def whole(journey: Journey) -> timedelta | None:
    """From the first submission to access; None where it has not come to that."""
    began = journey.submitted_at
    if began is None or journey.moves[-1][0] is not State.APPROVED or waits_in(journey) is not None:
        return None
    last = journey.moves[-1][1]
    ended = (journey.entered_at if journey.is_new else journey.confirmed_at) if journey.is_delivered else last
    return ended - began if ended else None


def figures(all_spans: Iterable[timedelta]) -> Figures | None:
    """None where there is nothing to tell of."""
    ordered = sorted(all_spans)
    if not ordered:
        return None
    return Figures(len(ordered), _rank(ordered, 0.5), _rank(ordered, 0.9), ordered[-1])


def by_step(journeys: Iterable[Journey]) -> Mapping[Step, Figures]:
    """The figures of every step that some form has left, in the order of steps. [B-3]"""
    found: dict[Step, list[timedelta]] = {step: [] for step in Step}
    for journey in journeys:
        for step, span in spans(journey).items():
            found[step].append(span)
    told = {step: figures(those) for step, those in found.items()}
    return {step: one for step, one in told.items() if one is not None}


def _stretches(journey: Journey) -> list[tuple[Step, datetime, datetime | None]]:
    first = next((at for at, (state, _) in enumerate(journey.moves) if state is State.SUBMITTED), None)
    if first is None:
        return []
    moves = journey.moves[first:]
    ends = [at for _state, at in moves[1:]]
    found = [
        (STEP_OF[state], at, end)
        for (state, at), end in zip(moves, [*ends, None], strict=True)
        if state in STEP_OF
    ]
    last, at = moves[-1]
    return [*found, *_after_approval(journey, at)] if last is State.APPROVED else found


def _after_approval(journey: Journey, at: datetime) -> list[tuple[Step, datetime, datetime | None]]:
    if not journey.is_delivered:
        return []
    found: list[tuple[Step, datetime, datetime | None]] = [(Step.DELIVERY, at, journey.confirmed_at)]
    if journey.is_new and journey.confirmed_at is not None:
        found.append((Step.ROLE, journey.confirmed_at, journey.granted_at))
        if journey.granted_at is not None:
            found.append((Step.ENTRY, journey.granted_at, journey.entered_at))
    return found


def _rank(ordered: Sequence[timedelta], part: float) -> timedelta:
    """The nearest rank: of two, the first is the middle one."""
    return ordered[max(0, -(-len(ordered) * int(part * 100) // 100) - 1)]
