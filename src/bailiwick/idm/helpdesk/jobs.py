"""The sharing radar: by the hour for what happens at the same time, by night for what many accounts have in common (H-6)."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.rulings import By
from bailiwick.idm.helpdesk import actions, queries

RADAR = By(actor="system:radar")


def look_at_sessions(now: datetime) -> None:
    """Safe to run twice, or late by a day."""
    actions.open_suspicions(signs=queries.signs_in_sessions(now=now), by=RADAR, now=now)


def look_at_accounts(now: datetime) -> None:
    """Safe to run twice, or late."""
    actions.open_suspicions(signs=queries.signs_in_accounts(now=now), by=RADAR, now=now)


PERIODICS = [
    Periodic(name="radar.sessions", cron="25 * * * *", run=look_at_sessions),
    Periodic(name="radar.accounts", cron="15 4 * * *", run=look_at_accounts),
]
