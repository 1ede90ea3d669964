"""Getting back in by oneself: forgot password and unlock, step by step (P-7, P-8, P-9, S-5). Pure.

A step counts only where the one before it is written down on the server: nothing that a browser sends says that one was
taken (AX01). A user ID that nobody has walks the same ladder, and never gets past the code. Expiry is computed (I-2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.factors import FactorKind
from bailiwick.idm.rules.limits import Limits

CHANNELS = (FactorKind.EMAIL, FactorKind.SMS, FactorKind.VOICE)
"""Always offered, all of them, whoever asks: which are enrolled is nobody's to learn (P-7)."""


class Goal(StrEnum):
    """What the ladder leads to."""

    NEW_PASSWORD = "password"
    UNLOCK = "unlock"


class RecoveryState(StrEnum):
    STARTED = "started"
    SENT = "sent"
    PROVED = "proved"
    DONE = "done"
    VOID = "void"


class RecoveryEvent(StrEnum):
    SEND = "send"
    MATCH = "match"
    WRONG_TOO_OFTEN = "wrong_too_often"
    FINISH = "finish"
    REPLACE = "replace"


RECOVERY_STEPS: dict[RecoveryState, dict[RecoveryEvent, RecoveryState]] = {
    RecoveryState.STARTED: {
        RecoveryEvent.SEND: RecoveryState.SENT,
        RecoveryEvent.REPLACE: RecoveryState.VOID,
    },
    RecoveryState.SENT: {
        RecoveryEvent.SEND: RecoveryState.SENT,
        RecoveryEvent.MATCH: RecoveryState.PROVED,
        RecoveryEvent.REPLACE: RecoveryState.VOID,
    },
    RecoveryState.PROVED: {
        # Choosing another way begins that part anew: the code that was given counts no more.
        RecoveryEvent.SEND: RecoveryState.SENT,
        RecoveryEvent.FINISH: RecoveryState.DONE,
        RecoveryEvent.WRONG_TOO_OFTEN: RecoveryState.VOID,
        RecoveryEvent.REPLACE: RecoveryState.VOID,
    },
    RecoveryState.DONE: {},
    RecoveryState.VOID: {},
}


class Refusal(StrEnum):
    NOT_BEGUN = "recovery_not_begun"
    OVER = "recovery_over"
    OUT_OF_TURN = "recovery_out_of_turn"
    OTHER_WINDOW = "recovery_other_window"
    CODE_WRONG = "recovery_ladder_code_wrong"
    ANSWER_WRONG = "recovery_answer_wrong"
    ACCOUNT_NOT_ACTIVE = "recovery_account_not_active"
    CHANGED_MEANWHILE = "recovery_changed_meanwhile"
    TOO_MANY_FROM_HERE = "recovery_too_many_from_here"


@dataclass(frozen=True)
class RecoveryFacts:
    """A ladder as it stands when a step on it is tried. `answers`: wrong security answers so far."""

    goal: Goal
    state: RecoveryState
    expires_at: datetime
    answers: int


def may_take(
    event: RecoveryEvent, ladder: RecoveryFacts | None, goal: Goal, *, now: datetime, limits: Limits
) -> Yes | No:
    """Whether this step may be taken now: in this browser, towards this goal, in its turn (P-7, AX01, AX26)."""
    if ladder is None or ladder.goal is not goal:
        return No(Refusal.NOT_BEGUN)
    if not RECOVERY_STEPS[ladder.state] or now >= ladder.expires_at:
        return No(Refusal.OVER)
    if event not in RECOVERY_STEPS[ladder.state]:
        return No(Refusal.OUT_OF_TURN)
    too_often = ladder.answers >= limits.answer_wrong_tries
    return No(Refusal.OVER) if event is RecoveryEvent.FINISH and too_often else Yes()


def may_begin(begun_at: Iterable[datetime], *, now: datetime, limits: Limits) -> Yes | No:
    """Thirty an hour from one network address, whoever they are about (P-7, P-8)."""
    lately = [at for at in begun_at if now - at < limits.recovery_window]
    return Yes() if len(lately) < limits.recoveries_per_source_an_hour else No(Refusal.TOO_MANY_FROM_HERE)
