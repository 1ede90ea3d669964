"""What sign-in does by itself every hour."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.idm.signin import actions


def forget_old(now: datetime) -> None:
    actions.forget_old(now=now)


PERIODICS = [Periodic(name="signin.forget-old", cron="37 * * * *", run=forget_old)]
