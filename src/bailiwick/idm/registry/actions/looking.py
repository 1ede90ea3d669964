"""Opening duplicate cases (A-5): at once after an account was opened or corrected, and by a round that misses nobody."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.registry import notices, queries
from bailiwick.idm.registry.models import DuplicateCase, Looked
from bailiwick.idm.rules.deeds import Deed


def look_for_duplicates(*, account: Account, by: By, now: datetime) -> int:
    """Compare the account with everybody whom the indexes offer, and open a case for each likeness (A-5).

    The same suspicion is one case for ever, also when it was found to be wrong. Returns how many cases are new.
    """
    with transaction.atomic():
        opened = 0
        for suspicion in queries.resembling(account)[: settings.LIMITS.duplicate_cases_at_once]:
            older, newer = sorted((account, suspicion.account), key=lambda one: (one.created_at, one.pk))
            case, is_new = DuplicateCase.objects.get_or_create(
                first=older,
                second=newer,
                resemblance=suspicion.resemblance.value,
                defaults={"opened_at": now},
            )
            if is_new:
                opened += 1
                _record(case, by=by, now=now)
        if opened:
            notices.tell_desk_of_cases(now=now)
    return opened


def look_again(*, account: Account, by: By, now: datetime) -> int:
    """The round's look: remembers that the account was compared after everybody else's words had settled."""
    with transaction.atomic():
        opened = look_for_duplicates(account=account, by=by, now=now)
        Looked.objects.update_or_create(account=account, defaults={"at": now})
    return opened


def _record(case: DuplicateCase, *, by: By, now: datetime) -> None:
    about = {"case": str(case.pk), "ground": case.resemblance}
    for account in (case.first, case.second):
        append(Deed.DUPLICATE_OPENED, by=by, now=now, subject=account.pk, about=about)
