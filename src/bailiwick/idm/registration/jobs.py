"""What registration does by itself every day: forget what was left, and accounts that nobody ever used (R-5)."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.queries import accounts_to_discard
from bailiwick.idm.registration import actions

AT_ONCE = 200


def forget_what_was_left(now: datetime) -> None:
    """Safe to run twice, or late; each account is its own transaction."""
    actions.forget_old(now=now)
    by = By(actor="system:registration.forget-left")
    for account in accounts_to_discard(now=now, most=AT_ONCE):
        accounts.discard_account(account=account, by=by, now=now)


PERIODICS = [Periodic(name="registration.forget-left", cron="17 * * * *", run=forget_what_was_left)]
