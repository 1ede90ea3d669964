"""A factor reset or e-mail change by IDM's desk: asked for, waited for, told of, and then so (P-9, H-2, H-5). Pure.

That its time has come is computed (I-2): from then on it holds, whether or not a job has written it down.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.limits import Limits


class ResetKind(StrEnum):
    """What is replaced: every factor but e-mail, or the mailbox."""

    FACTORS = "factors"
    EMAIL = "email"


class ResetState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    CANCELED = "canceled"


class ResetEvent(StrEnum):
    COME_DUE = "come_due"
    SECOND_AGREES = "second_agrees"
    CANCEL = "cancel"


RESET_STEPS: dict[ResetState, dict[ResetEvent, ResetState]] = {
    ResetState.WAITING: {
        ResetEvent.COME_DUE: ResetState.DONE,
        ResetEvent.SECOND_AGREES: ResetState.DONE,
        ResetEvent.CANCEL: ResetState.CANCELED,
    },
    ResetState.DONE: {},
    ResetState.CANCELED: {},
}


class Refusal(StrEnum):
    RESET_WAITS = "desk_reset_waits"
    RESET_UNKNOWN = "desk_reset_unknown"
    RESET_OVER = "desk_reset_over"
    SAME_PERSON = "desk_reset_same_person"
    EMAIL_NOT_NEW = "desk_reset_email_not_new"


@dataclass(frozen=True)
class ResetFacts:
    """A reset as it stands. `asked_by_the_same`: whoever acts now is the one who asked for it."""

    state: ResetState
    due_at: datetime
    asked_by_the_same: bool


def due_at(asked_at: datetime, limits: Limits) -> datetime:
    """After 24 hours (P-9)."""
    return asked_at + limits.factor_reset_waits


def is_due(reset: ResetFacts, *, now: datetime) -> bool:
    """Whether it holds by now, written down or not (P-9, I-2)."""
    return reset.state is ResetState.WAITING and now >= reset.due_at


def may_cancel(reset: ResetFacts | None, *, now: datetime) -> Yes | No:
    """Until it holds, by whoever was told of it (P-9)."""
    if reset is None:
        return No(Refusal.RESET_UNKNOWN)
    return Yes() if reset.state is ResetState.WAITING and now < reset.due_at else No(Refusal.RESET_OVER)


def may_hurry(reset: ResetFacts | None, *, now: datetime) -> Yes | No:
    """A second person of tier 3 agrees, and there is no wait (H-5)."""
    ruling = may_cancel(reset, now=now)
    if reset is not None and ruling and reset.asked_by_the_same:
        return No(Refusal.SAME_PERSON)
    return ruling
