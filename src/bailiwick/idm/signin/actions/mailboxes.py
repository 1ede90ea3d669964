"""Taking back a change of the e-mail address: whoever asked for it may still be on the way in, or be in (R-9, AX10).

So every session ends, and so does every recovery whose code or link went to the mailbox that is left.
"""

from datetime import datetime

from django.db import transaction

from bailiwick.ground.rulings import By
from bailiwick.idm.accounts import mailboxes
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.signin.actions.forgetting import void_ways_back


def take_back_email_change(*, token: str, by: By, now: datetime) -> None:
    """Restore the address before the change and sign the account out everywhere. Refuses what `mailboxes` refuses."""
    change = mailboxes.check_taking_back(token=token, by=by, now=now)
    holder = By(actor=str(change.account_id), source=by.source)
    with transaction.atomic():
        mailboxes.take_back_email_change(change=change, by=holder, now=now)
        void_ways_back(change.account)
        sessions.end_all(account=change.account, why=EndReason.EMAIL_RESTORED, by=holder, now=now)
