"""Stopping an account and opening it again: suspended or archived by staff (A-6, H-2), frozen by its holder (S-9).

Offered by `actions`. Sessions are above this room: whoever calls this ends them in the same transaction (S-7). Grants,
SSN and user ID stay as they are: a stopped account's grants give nothing, and an opened one's give what they gave.
"""

from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name, recovery_emails
from bailiwick.idm.rules.accounts import ACCOUNT_STEPS, AccountEvent, AccountState, Refusal
from bailiwick.idm.rules.deeds import Deed

# What goes on the ledger, and to the holder.
TOLD = {
    AccountEvent.SUSPEND: (Deed.ACCOUNT_SUSPENDED, "account_suspended"),
    AccountEvent.UNSUSPEND: (Deed.ACCOUNT_UNSUSPENDED, "account_unsuspended"),
    AccountEvent.ARCHIVE: (Deed.ACCOUNT_ARCHIVED, "account_archived"),
    AccountEvent.REOPEN: (Deed.ACCOUNT_UNARCHIVED, "account_unarchived"),
}


def suspend(*, account: Account, why: str, by: By, now: datetime) -> None:
    """Staff stop the account until staff lift it. Refuses STATE_NOT_FITTING(state) where it is not active."""
    _move(account, AccountEvent.SUSPEND, why=why, by=by, now=now)


def unsuspend(*, account: Account, why: str, by: By, now: datetime) -> None:
    """Lift a suspension, and nothing else: a freeze or a locked password path stays (S-5, S-9)."""
    _move(account, AccountEvent.UNSUSPEND, why=why, by=by, now=now)


def archive(*, account: Account, why: str, by: By, now: datetime) -> None:
    """Close an active or suspended account; its SSN and user ID stay taken (A-6). That two people agreed is the caller's."""
    _move(account, AccountEvent.ARCHIVE, why=why, by=by, now=now)


def unarchive(*, account: Account, why: str, by: By, now: datetime) -> None:
    """Open an archived account again, as an active one (A-6). That two people agreed is the caller's."""
    _move(account, AccountEvent.REOPEN, why=why, by=by, now=now)


def freeze(*, account: Account, by: By, now: datetime, why: str) -> bool:
    """Shut the account until its holder has recovered it (S-9). False where it is shut already, or closed for good.

    `sessions.actions.disown` calls this and ends the sessions in the same transaction.
    """
    living = (AccountState.ACTIVE, AccountState.SUSPENDED)
    open_ones = Account.objects.filter(pk=account.pk, state__in=living, frozen_at=None)
    with transaction.atomic():
        if not open_ones.update(frozen_at=now):
            return False
        append(Deed.ACCOUNT_FROZEN, by=by, now=now, subject=account.pk, why=why)
    account.frozen_at = now
    return True


def unfreeze(*, account: Account, by: By, now: datetime) -> bool:
    """Lift the freeze after a completed recovery, and nothing else: a suspension by staff stays (S-9, P-6)."""
    with transaction.atomic():
        if not Account.objects.filter(pk=account.pk, frozen_at__isnull=False).update(frozen_at=None):
            return False
        append(Deed.ACCOUNT_UNFROZEN, by=by, now=now, subject=account.pk)
    account.frozen_at = None
    return True


def _move(account: Account, event: AccountEvent, *, why: str, by: By, now: datetime) -> None:
    """Along the table, once, whoever else tries at the same instant; the holder is told."""
    deed, name = TOLD[event]
    with transaction.atomic():
        before = Account.objects.values_list("state", flat=True).get(pk=account.pk)
        after = ACCOUNT_STEPS[AccountState(before)].get(event)
        if after is None or not Account.objects.filter(pk=account.pk, state=before).update(state=after):
            raise Refused(Refusal.STATE_NOT_FITTING, state=before)
        append(deed, by=by, now=now, subject=account.pk, why=why, about={"before": before})
        _tell(account, name, now)
    account.state = after


def _tell(account: Account, name: str, now: datetime) -> None:
    """To the present mailbox and, while it is a recovery channel, to the one before it (R-9)."""
    for number, address in enumerate(recovery_emails(account, now=now)):
        notice(
            name,
            to=address,
            key=f"{name}:{account.pk}:{now.isoformat()}:{number}",
            now=now,
            context={"name": full_name(account)},
            language=account.language,
            inbox="" if number else str(account.pk),
        )
