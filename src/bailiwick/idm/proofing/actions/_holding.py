"""What proofing online and by hand share: one person at a time, and the SSN that a success makes theirs for life."""

from datetime import datetime

from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.actions import verify_ssn
from bailiwick.idm.accounts.models import Account, SsnNumber
from bailiwick.idm.rules.accounts import Refusal, SsnState


def locked(account: Account) -> Account:
    """Everything about one person's proofing happens one at a time."""
    return Account.objects.select_for_update().get(pk=account.pk)


def holds_its_ssn(account: Account, *, by: By, now: datetime) -> bool:
    """Make the claimed SSN this account's. False where it is another's: the first verified keeps it (A-5).

    An account whose claim was void before has nothing to verify, and verifies nothing.
    """
    try:
        verify_ssn(account=account, by=by, now=now)
    except Refused as refusal:
        if refusal.code is not Refusal.SSN_TAKEN:
            raise
        return False
    return SsnNumber.objects.filter(account=account, state=SsnState.VERIFIED).exists()
