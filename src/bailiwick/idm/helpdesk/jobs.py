"""The sharing radar, by the hour and by night (H-6); what follows from mail that came back; mailed announcements (N-2, N-4)."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.rulings import By
from bailiwick.idm.helpdesk import actions, queries

RADAR = By(actor="system:radar")
OUTBOX = By(actor="system:outbox")


def look_at_sessions(now: datetime) -> None:
    """Safe to run twice, or late by a day."""
    actions.open_suspicions(signs=queries.signs_in_sessions(now=now), by=RADAR, now=now)


def look_at_accounts(now: datetime) -> None:
    """Safe to run twice, or late."""
    actions.open_suspicions(signs=queries.signs_in_accounts(now=now), by=RADAR, now=now)


def note_returns(now: datetime) -> None:
    """Mails that came back: whom no mail reaches is marked, and who must know is told (N-2)."""
    actions.note_returns(by=OUTBOX, now=now)


def mail_announcements(now: datetime) -> None:
    """Safe to run twice, and to be killed: it goes on where it was (N-4)."""
    actions.mail_announcements(now=now)


PERIODICS = [
    Periodic(name="outbox.returns", cron="* * * * *", run=note_returns),
    Periodic(name="outbox.announcements", cron="* * * * *", run=mail_announcements),
    Periodic(name="radar.sessions", cron="25 * * * *", run=look_at_sessions),
    Periodic(name="radar.accounts", cron="15 4 * * *", run=look_at_accounts),
]
