"""Periodic work of signing in: clean what has no use any more. Nothing depends on it having run."""

from datetime import datetime

from django.conf import settings

from bailiwick.ground.ledger import By
from bailiwick.spot.rules.sessions import End
from bailiwick.spot.signin import actions

BY = By("system:sessions")


def clean(now: datetime) -> None:
    """Record the ends that time has brought, then delete what is old. Safe to run twice or late."""
    ends = {End.IDLE: settings.LIMITS.idle_ends_after, End.TOO_LONG: settings.LIMITS.longest_session}
    for why, after in ends.items():
        while actions.end_what_time_ended(why=why, before=now - after, by=BY, now=now):
            continue
    actions.forget_old(by=BY, now=now)
