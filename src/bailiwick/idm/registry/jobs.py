"""What the registry does by itself: compare whoever is new with everybody, so that two at the same moment are seen too."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.rulings import By
from bailiwick.idm.registry import actions, queries

AT_ONCE = 200


def look(now: datetime) -> None:
    """Safe to run twice, or late; each account is its own transaction."""
    by = By(actor="system:registry.look")
    for account in queries.to_look_at(now=now, most=AT_ONCE):
        actions.look_again(account=account, by=by, now=now)


PERIODICS = [Periodic(name="registry.look", cron="* * * * *", run=look)]
