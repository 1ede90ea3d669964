"""What sign-in does by itself every hour."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.rulings import By
from bailiwick.idm.signin import actions


def forget_old(now: datetime) -> None:
    actions.forget_old(now=now)


def settle_resets(now: datetime) -> None:
    """A factor reset holds from its time on; this writes down and tells those whose account nobody came to (P-9, I-2)."""
    actions.settle_due_resets(by=By("system:signin.settle-resets"), now=now)


PERIODICS = [
    Periodic(name="signin.forget-old", cron="37 * * * *", run=forget_old),
    Periodic(name="signin.settle-resets", cron="*/5 * * * *", run=settle_resets),
]
