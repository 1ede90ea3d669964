"""What somebody added in a sign-in that the holder disowned opens nothing any more (S-9, S-4, AX15).

The row stays, and counts: a recovery never lowers the bar (P-9), or whoever has the mailbox would drop a factor by
disowning the sign-in in which the holder added it. The holder removes it, or has the desk reset the factors.
"""

from datetime import datetime

import pyotp
from django.db.models import Q

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.sessions.queries import disowned_times
from bailiwick.idm.signin import held, queries
from bailiwick.idm.signin.actions.factors import record
from bailiwick.idm.signin.models import (
    Authenticator,
    FormerAnswer,
    Passkey,
    PhoneFactor,
    RecoveryCode,
    RecoverySheet,
    SecurityAnswer,
)


def spoil_disowned(*, account: Account, by: By, now: datetime) -> None:
    """Make useless every factor that came to count between a disowned sign-in and its disowning. Again is nothing.

    Call it in the transaction that lifts the freeze: until then nothing opens anyway.
    """
    times = disowned_times(account)
    if not times:
        return
    for model in held.DEVICE_MODELS:
        column = "added_at" if model is Passkey else "confirmed_at"
        within = Q()
        for begun_at, disowned_at in times:
            within |= Q(**{f"{column}__gte": begun_at, f"{column}__lte": disowned_at})
        for row in model.objects.filter(within, account=account):
            if _spoil(row):
                record(Deed.FACTOR_SPOILED, "factor_spoiled", row, by=by, now=now)


def restore_answer(*, account: Account, by: By, now: datetime) -> None:
    """Put back the security answer that a stranger replaced: the holder has just given it (S-9, P-10)."""
    before = queries.answer_before_theft(account)
    if before is None:
        return
    columns = {"question": before.question, "encoded": before.encoded, "set_at": before.set_at}
    SecurityAnswer.objects.filter(account=account).update(**columns)
    FormerAnswer.objects.filter(account=account).delete()
    append(Deed.SECURITY_QUESTION_CHANGED, by=by, now=now, subject=account.pk, why="disowned")


def _spoil(row: held.Device) -> bool:
    """Take from it what a right answer is known by; False where that is gone already."""
    rows = type(row).objects.filter(pk=row.pk)
    if isinstance(row, Passkey):
        return bool(rows.exclude(public_key=b"").update(public_key=b""))
    if isinstance(row, PhoneFactor):
        return bool(rows.exclude(number="").update(number="", extension=""))
    if isinstance(row, RecoverySheet):
        return bool(RecoveryCode.objects.filter(sheet=row).delete()[0])
    secret = vault.seal(pyotp.random_base32(), place=held.SECRET_PLACE, row=str(row.pk))
    return bool(Authenticator.objects.filter(pk=row.pk).update(secret_sealed=secret))
