"""A role nears the day on which it rests, rests, and comes back: what its holder is told when, and what wakes it (I-3, I-4).

Pure. It comes back by a password set after it began to rest and, within days, a sign-in to the application; neither does alone.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bailiwick.idm.rules.days import after_full_days, day_of, due_date, oldest_still_within
from bailiwick.idm.rules.grants import GrantFacts, GrantState, Spans, inactive_from, over_from, state_of
from bailiwick.idm.rules.limits import Limits


class ComeBack(StrEnum):
    """What a resting role waits for next: a new password, a new one again, or the sign-in to the application."""

    NEEDS_PASSWORD = "needs_password"
    TOO_LATE = "too_late"
    NEEDS_SIGN_IN = "needs_sign_in"


@dataclass(frozen=True)
class WayBack:
    """`until`: the last day on which the next step still helps; after it there is one step more, or nothing to wake."""

    next: ComeBack
    until: date


def way_back(
    facts: GrantFacts,
    password_set_at: datetime | None,
    *,
    now: datetime,
    spans: Spans,
    zone: ZoneInfo,
) -> WayBack | None:
    """How a resting role is woken at `now`; None where it does not rest. It is never kept beyond its own end (I-4, I-5)."""
    if state_of(facts, now=now, spans=spans, zone=zone) is not GrantState.INACTIVE:
        return None
    last_day = day_of(over_from(facts, spans, zone)[0], zone) - timedelta(days=1)
    if password_set_at is None or password_set_at < inactive_from(facts, spans, zone):
        return WayBack(ComeBack.NEEDS_PASSWORD, last_day)
    if now >= after_full_days(password_set_at, spans.reactivation_window, zone):
        return WayBack(ComeBack.TOO_LATE, last_day)
    within = due_date(password_set_at, spans.reactivation_window, zone)
    return WayBack(ComeBack.NEEDS_SIGN_IN, min(within, last_day))


def warnings_of(spans: Spans, limits: Limits) -> tuple[timedelta, ...]:
    """After how long without a sign-in the holder is warned: as long before the role rests as the deployment says (I-3)."""
    before = (limits.inactive_after - warning for warning in limits.inactivity_warnings)
    after = sorted(spans.inactive_after - left for left in before)
    return tuple(span for span in after if span > timedelta())


def steps_from(spans: Spans, limits: Limits, *, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """For each warning, and for resting itself: the instant before which the last activity has to lie for it to be due."""
    steps = (*warnings_of(spans, limits), spans.inactive_after)
    return [oldest_still_within(now, span, zone) for span in steps]
