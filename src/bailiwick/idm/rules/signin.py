"""The password path: how failures lock it, and the questions for the security answer (S-5, P-10). Pure.

A try is *reserved* as a failure before its secret is looked at, and taken back when the secret was right. So however
many tries run at once, no more secrets are evaluated than the limit allows.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.limits import Limits


class Refusal(StrEnum):
    """One code for every failure at the sign-in page: which part was wrong, or locked, is nobody's to learn.

    What else stands in the way is told to who gave the right password, and to nobody else (S-5).
    """

    NOT_RECOGNIZED = "sign_in_not_recognized"
    ACCOUNT_SUSPENDED = "sign_in_account_suspended"
    ACCOUNT_ARCHIVED = "sign_in_account_archived"
    ACCOUNT_FROZEN = "sign_in_account_frozen"
    PASSWORD_EXPIRED = "sign_in_password_expired"
    PATH_CLOSED = "sign_in_path_closed"
    NOT_SIGNING_IN = "not_signing_in"
    ANSWER_LENGTH = "answer_length"
    ANSWER_IS_PASSWORD = "answer_is_password"
    QUESTION_UNKNOWN = "question_unknown"


class PathState(StrEnum):
    """What the password path allows. Computed, never stored: a lock opens by itself (I-2)."""

    OPEN = "open"
    FULL = "full"  # as many tries are under way as are left: this one waits for nobody and is not evaluated
    LOCKED = "locked"
    SUSPENDED = "suspended"


class PathEvent(StrEnum):
    """What the holder is told when it begins."""

    LOCKED = "locked"
    SUSPENDED = "suspended"


@dataclass(frozen=True)
class Standing:
    """What decides whether the right password opens a sign-in."""

    state: AccountState
    is_frozen: bool = False
    is_expired: bool = False


IN_THE_WAY = frozenset(
    {
        Refusal.ACCOUNT_SUSPENDED,
        Refusal.ACCOUNT_ARCHIVED,
        Refusal.ACCOUNT_FROZEN,
        Refusal.PASSWORD_EXPIRED,
    }
)
"""Each has its own page and its own exit."""
RECOVERY_HELPS = frozenset({Refusal.ACCOUNT_FROZEN, Refusal.PASSWORD_EXPIRED})
"""For these the exit is Forgot Password (P-5, S-9); what staff did only staff undoes."""


def may_begin(standing: Standing) -> Yes | No:
    """After the right password: what staff did comes first, then what the holder can undo. [S-5, S-9, P-5]"""
    if standing.state is AccountState.SUSPENDED:
        return No(Refusal.ACCOUNT_SUSPENDED)
    if standing.state is AccountState.ARCHIVED:
        return No(Refusal.ACCOUNT_ARCHIVED)
    if standing.state is not AccountState.ACTIVE:
        return No(Refusal.NOT_RECOGNIZED)
    if standing.is_frozen:
        return No(Refusal.ACCOUNT_FROZEN)
    return No(Refusal.PASSWORD_EXPIRED) if standing.is_expired else Yes()


@dataclass(frozen=True)
class Path:
    """A person's failures.

    `failed_at`: instants of failed and reserved tries, oldest first; `pending`: how many of them are only reserved;
    `refused`: tries not evaluated since the path was full.
    """

    failed_at: tuple[datetime, ...] = ()
    pending: int = 0
    refused: int = 0


def state_of(path: Path, now: datetime, limits: Limits) -> PathState:
    """Locked for 60 minutes after 3 failures in 120; suspended after 3 further tries, until a person opens it. [S-5]"""
    if len(path.failed_at) < limits.failures_before_lock:
        return PathState.OPEN
    if path.pending == 0 and path.refused >= limits.failures_while_locked:
        return PathState.SUSPENDED
    if now >= path.failed_at[-1] + limits.lock_time:
        return PathState.OPEN
    return PathState.FULL if path.pending else PathState.LOCKED


def refreshed(path: Path, now: datetime, limits: Limits) -> Path:
    """Without what no longer counts: failures older than the window, and everything once a lock has opened. [S-5]"""
    if len(path.failed_at) >= limits.failures_before_lock:
        return Path() if state_of(path, now, limits) is PathState.OPEN else path
    recent = tuple(at for at in path.failed_at if now - at < limits.failure_window)
    return replace(path, failed_at=recent, pending=min(path.pending, len(recent)))


def reserved(path: Path, now: datetime, limits: Limits) -> tuple[Path, bool]:
    """The path with one more try under way, and True; or with one more try turned away, and False. [S-5]"""
    path = refreshed(path, now, limits)
    if state_of(path, now, limits) is PathState.OPEN:
        return replace(path, failed_at=(*path.failed_at, now), pending=path.pending + 1), True
    return replace(path, refused=min(path.refused + 1, limits.failures_while_locked)), False


def failed(path: Path, reserved_at: datetime) -> Path:
    """A reserved try proved wrong: it stays as a failure. One that was cleared meanwhile changes nothing."""
    return replace(path, pending=max(path.pending - 1, 0)) if reserved_at in path.failed_at else path


def taken_back(path: Path, reserved_at: datetime) -> Path:
    """A reserved try proved right: it was no failure, and the path was not full after all."""
    if reserved_at not in path.failed_at:
        return path
    at = path.failed_at.index(reserved_at)
    return Path(failed_at=path.failed_at[:at] + path.failed_at[at + 1 :], pending=max(path.pending - 1, 0))


def begun(before: Path, after: Path, now: datetime, limits: Limits) -> PathEvent | None:
    """What began between two moments of a path, so that exactly the try that made it tells the holder. [S-5]"""
    was, now_is = state_of(before, now, limits), state_of(after, now, limits)
    if now_is is was or now_is not in {PathState.LOCKED, PathState.SUSPENDED}:
        return None
    return PathEvent(now_is.value)


QUESTIONS = (
    "first_job_town",
    "childhood_street",
    "first_concert",
    "favorite_teacher",
    "first_pet",
    "oldest_cousin",
    "wedding_town",
    "dream_job",
)


def normalized_answer(answer: str) -> str:
    """An answer as it is hashed: without regard to case and outer spaces. [P-10]"""
    return " ".join(answer.casefold().split())


def may_be_answer(question: str, answer: str, limits: Limits) -> Yes | No:
    """One of the listed questions, and 4 to 100 characters. [P-10]"""
    if question not in QUESTIONS:
        return No(Refusal.QUESTION_UNKNOWN)
    if not limits.answer_shortest <= len(normalized_answer(answer)) <= limits.answer_longest:
        return No(Refusal.ANSWER_LENGTH, {"least": limits.answer_shortest, "most": limits.answer_longest})
    return Yes()
