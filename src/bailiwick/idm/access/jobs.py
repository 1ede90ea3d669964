"""The rounds of this room and when they are due; `site` registers them. Each may run late, twice or never (I-2)."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.ledger import By
from bailiwick.idm.access import actions


def expire_requests(now: datetime) -> None:
    actions.expire_requests(by=By("system:access.expire-requests"), now=now)


def remind_deciders(now: datetime) -> None:
    actions.remind_deciders(by=By("system:access.remind-deciders"), now=now)


def end_lapsed_grants(now: datetime) -> None:
    actions.end_lapsed_grants(by=By("system:access.end-lapsed-grants"), now=now)


def expire_invitations(now: datetime) -> None:
    actions.expire_invitations(by=By("system:access.expire-invitations"), now=now)


def watch_continuity(now: datetime) -> None:
    actions.watch_continuity(by=By("system:access.watch-continuity"), now=now)


PERIODICS = (
    Periodic("access.expire-requests", "*/10 * * * *", expire_requests),
    Periodic("access.remind-deciders", "15 6 * * *", remind_deciders),
    # Often: the day ends where the deployment is, and open sessions end with it (Q-10, O-5).
    Periodic("access.end-lapsed-grants", "*/5 * * * *", end_lapsed_grants),
    Periodic("access.expire-invitations", "25 * * * *", expire_invitations),
    Periodic("access.watch-continuity", "*/10 * * * *", watch_continuity),
)
