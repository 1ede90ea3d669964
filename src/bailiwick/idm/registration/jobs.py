"""What registration does by itself every day: forget what was left, and accounts that nobody ever used (R-5)."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.registration import actions

AT_ONCE = 200


def forget_what_was_left(now: datetime) -> None:
    """Safe to run twice, or late; each account is its own transaction."""
    actions.forget_old(now=now)
    accounts.forget_unclaimed_numbers(now=now)
    actions.discard_unproven(by=By(actor="system:registration.forget-left"), now=now, most=AT_ONCE)


PERIODICS = [Periodic(name="registration.forget-left", cron="17 * * * *", run=forget_what_was_left)]
