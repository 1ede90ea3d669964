"""Who may announce what, and see what could not be delivered (N-2, N-4). Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.catalogue import IDENTITY
from bailiwick.idm.rules.desk import TIER_OF_HELP_DESK

EVERYWHERE = ""
LONGEST_ANNOUNCEMENT = timedelta(days=90)


class Refusal(StrEnum):
    ANNOUNCEMENT_NOT_YOURS = "announcement_not_yours"
    ANNOUNCEMENT_OVER = "announcement_over"
    ANNOUNCEMENT_BACKWARDS = "announcement_backwards"
    ANNOUNCEMENT_TOO_LONG = "announcement_too_long"
    ANNOUNCEMENT_GONE = "announcement_gone"
    NOTHING_TO_TRY = "notice_nothing_to_try"
    UNDELIVERED_NOT_YOURS = "notice_undelivered_not_yours"


def may_see_undelivered(identity_tier: int) -> Yes | No:
    """IDM's desk, of any tier: it helps people whom no mail reaches."""
    return Yes() if identity_tier >= TIER_OF_HELP_DESK else No(Refusal.UNDELIVERED_NOT_YOURS)


def announces_for(
    codes: Collection[str], *, identity_tier: int, applications: Collection[str]
) -> tuple[str, ...]:
    """For which of the applications somebody may announce: their own desk's; IDM's desk for IDM, and for all at once."""
    own = [code for code in codes if code in applications]
    if identity_tier < TIER_OF_HELP_DESK:
        return tuple(own)
    return (EVERYWHERE, *(code for code in codes if code == IDENTITY or code in applications))


def check_time(starts_at: datetime, ends_at: datetime, *, now: datetime) -> Yes | No:
    """Not over, not backwards, not for ever."""
    if ends_at <= starts_at:
        return No(Refusal.ANNOUNCEMENT_BACKWARDS)
    if ends_at <= now:
        return No(Refusal.ANNOUNCEMENT_OVER)
    if ends_at - starts_at > LONGEST_ANNOUNCEMENT:
        return No(Refusal.ANNOUNCEMENT_TOO_LONG, {"most": LONGEST_ANNOUNCEMENT.days})
    return Yes()
