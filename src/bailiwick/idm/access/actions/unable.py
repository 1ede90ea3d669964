"""What an approver leaves behind whose account was stopped: the desk hears of it at once, and so does who waits (G-7)."""

from datetime import datetime

from bailiwick.ground.ledger import By
from bailiwick.idm.access.actions.watching import note_that_none_is_left
from bailiwick.idm.access.queries.grants import line_of, live_grants
from bailiwick.idm.access.queries.touching import leaves_no_approver
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.grants import GrantState


def tell_of_unable_approver(*, account: Account, by: By, now: datetime) -> None:
    """In the transaction that stopped the account. Whoever was inactive before left nobody alone today."""
    for grant in live_grants(account, now=now):
        is_last = line_of(grant, now=now).state is GrantState.ACTIVE and leaves_no_approver(grant, now=now)
        if is_last and grant.organization:
            note_that_none_is_left(grant.organization, grant.application, by=by, now=now)
