"""The rounds of this room and when they are due; `site` registers them. Each may run late, twice or never (I-2)."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.ledger import By
from bailiwick.idm.access import actions


def expire_requests(now: datetime) -> None:
    actions.expire_requests(by=By("system:access.expire-requests"), now=now)


def remind_deciders(now: datetime) -> None:
    actions.remind_deciders(by=By("system:access.remind-deciders"), now=now)


def record_endings(now: datetime) -> None:
    actions.record_endings(by=By("system:access.record-endings"), now=now)


def note_inactivity(now: datetime) -> None:
    actions.note_inactivity(by=By("system:access.note-inactivity"), now=now)


def tell_owed(now: datetime) -> None:
    actions.tell_owed(now=now)


def certifications(now: datetime) -> None:
    """First what is due and what is over, then whoever is to be told of it."""
    by = By("system:access.certifications")
    actions.carry_the_last_of_security(by=by, now=now)
    actions.open_certifications(by=by, now=now)
    actions.tell_certifiers(now=now)
    actions.warn_holders(now=now)


def expire_invitations(now: datetime) -> None:
    actions.expire_invitations(by=By("system:access.expire-invitations"), now=now)


def watch_continuity(now: datetime) -> None:
    actions.watch_continuity(by=By("system:access.watch-continuity"), now=now)


PERIODICS = (
    Periodic("access.expire-requests", "*/10 * * * *", expire_requests),
    Periodic("access.remind-deciders", "15 6 * * *", remind_deciders),
    # Grants end by themselves with a day, and open sessions with them (Q-10, O-5); whoever was down then is late, once.
    Periodic("access.record-endings", "*/5 0 * * *", record_endings),
    Periodic("access.note-inactivity", "5 6 * * *", note_inactivity),
    Periodic("access.tell-owed", "* * * * *", tell_owed),
    Periodic("access.certifications", "10 6 * * *", certifications),
    Periodic("access.expire-invitations", "25 * * * *", expire_invitations),
    Periodic("access.watch-continuity", "*/10 * * * *", watch_continuity),
)
