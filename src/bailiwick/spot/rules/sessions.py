"""How far a SPOT session still reaches: computed from instants whenever it is asked, never by a job (M-4, S-8, O-5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bailiwick.spot.rules.limits import Limits


class Reach(StrEnum):
    """What a session may do at this instant."""

    FULL = "full"
    READ_ONLY = "read_only"
    NONE = "none"
    OVER = "over"


class End(StrEnum):
    """Why a session is over. Stable: stored, and shown in words."""

    SIGNED_OUT = "signed_out"
    SIGNED_OUT_AT_IDM = "signed_out_at_idm"
    ACCESS_ENDED = "access_ended"
    IDLE = "idle"
    TOO_LONG = "too_long"
    REPLACED = "replaced"


@dataclass(frozen=True)
class SessionFacts:
    """`confirmed_at`: IDM's last yes. `unanswered_since`: the first question since then that got no answer.

    `asked_at`: when somebody last took it on to ask.
    """

    started_at: datetime
    last_seen_at: datetime
    confirmed_at: datetime
    asked_at: datetime
    unanswered_since: datetime | None


def why_over(facts: SessionFacts, now: datetime, limits: Limits) -> End | None:
    """The end that time alone has brought, else None. Idle ends at 30 minutes, everything at 12 hours (S-8)."""
    if now - facts.started_at >= limits.longest_session:
        return End.TOO_LONG
    if now - facts.last_seen_at >= limits.idle_ends_after:
        return End.IDLE
    return None


def is_confirmation_too_old(facts: SessionFacts, now: datetime, limits: Limits) -> bool:
    """Whether what IDM said is too old to act on at all (O-5)."""
    return now - facts.confirmed_at >= limits.refused_after_unanswered


def is_due_to_ask(facts: SessionFacts, now: datetime, limits: Limits) -> bool:
    """Whether somebody must ask IDM again now: every 5 minutes, and soon again after no answer (O-5)."""
    if now - facts.confirmed_at < limits.asked_again_every and facts.unanswered_since is None:
        return False
    if facts.unanswered_since is None and is_confirmation_too_old(facts, now, limits):
        # Somebody may be asking this very moment, but there is no older yes to go on with meanwhile.
        return True
    return now - facts.asked_at >= limits.asking_takes_at_most


def is_fresh(verified_at: datetime, *, within: timedelta, now: datetime, limits: Limits) -> bool:
    """Whether the second step was taken recently enough for an act (S-6).

    IDM says when, by its own clock, which may be a little ahead. Further in the future is of a clock that was set back
    since: how long ago it was, nobody knows.
    """
    return -limits.clock_difference <= now - verified_at <= within


def reach(facts: SessionFacts, now: datetime, limits: Limits) -> Reach:
    """Full; read-only while IDM does not answer; none after 15 minutes without an answer; over (O-5)."""
    if why_over(facts, now, limits) is not None:
        return Reach.OVER
    if is_confirmation_too_old(facts, now, limits):
        return Reach.NONE
    if facts.unanswered_since is not None:
        return Reach.READ_ONLY
    return Reach.FULL
