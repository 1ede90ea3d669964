"""A desk's looks at people go on the ledger (L-2, H-3); its acts are the actions of other rooms."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed


def note_looks(*, accounts: Iterable[Account], by: By, now: datetime) -> None:
    """One entry per person shown, so that each can be told who looked."""
    with transaction.atomic():
        for account in accounts:
            append(Deed.DESK_LOOKED, by=by, now=now, subject=str(account.pk), about={"page": "manage-users"})
