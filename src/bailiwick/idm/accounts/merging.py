"""Letting one account point at another of the same person, and taking that back (A-5). Offered by `actions`."""

from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.accounts import ACCOUNT_STEPS, AccountEvent, AccountState
from bailiwick.idm.rules.deeds import Deed


def point_at(*, account: Account, survivor: Account, by: By, now: datetime) -> bool:
    """From now on `account` is `survivor`; nothing of its own is lost. False where it was not active."""
    after = ACCOUNT_STEPS[AccountState.ACTIVE][AccountEvent.MERGE]
    with transaction.atomic():
        open_one = Account.objects.filter(pk=account.pk, state=AccountState.ACTIVE)
        if not open_one.update(state=after, merged_into=survivor):
            return False
        append(Deed.MERGED, by=by, now=now, subject=account.pk, about={"merged_into": str(survivor.pk)})
    account.state, account.merged_into = after, survivor
    return True


def separate(*, account: Account, by: By, now: datetime) -> bool:
    """Undo `point_at`: the account is again what it was. False where it points nowhere."""
    after = ACCOUNT_STEPS[AccountState.MERGED][AccountEvent.UNDO_MERGE]
    with transaction.atomic():
        merged = Account.objects.filter(pk=account.pk, state=AccountState.MERGED)
        if not merged.update(state=after, merged_into=None):
            return False
        append(Deed.MERGE_UNDONE, by=by, now=now, subject=account.pk)
    account.state, account.merged_into = after, None
    return True
