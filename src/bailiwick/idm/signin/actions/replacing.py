"""What the ways back in end with: a new password or an open path, told everywhere (P-6, P-7, P-10, S-7, S-9).

Called within the transaction that used up the link or the ladder, the account's row locked.
"""

from datetime import datetime

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.rules.signin import normalized_answer
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.signin import hashing, held, queries
from bailiwick.idm.signin.actions import attempts
from bailiwick.idm.signin.actions.factors import tell
from bailiwick.idm.signin.actions.forgetting import void_ways_back
from bailiwick.idm.signin.actions.passwords import keep_former
from bailiwick.idm.signin.actions.spoiling import restore_answer, spoil_disowned
from bailiwick.idm.signin.models import Password


def is_answer(account: Account, answer: str) -> bool:
    """Whether that is the account's security answer (P-10). One hash, whatever is there."""
    held = queries.answer_in_force(account)
    return hashing.is_right(normalized_answer(answer), held.encoded if held else "")


def replace_password(*, held: Password, encoded: str, about: dict[str, str], by: By, now: datetime) -> bool:
    """Put the new password in place of `held`; False where that is not the password any more.

    P-4's day is for changes by the holder: this neither waits for it nor starts it (P-6). Lifts a freeze (S-9), and no
    suspension (AR11).
    """
    account = held.account
    if not Password.objects.filter(pk=account.pk, encoded=held.encoded).update(encoded=encoded, set_at=now):
        return False
    keep_former(account, held.encoded, now)
    void_ways_back(account)
    attempts.open_path(account=account, by=by, now=now)
    append(Deed.PASSWORD_RESET, by=by, now=now, subject=account.pk, about=about)
    if accounts.unfreeze(account=account, by=by, now=now):
        restore_answer(account=account, by=by, now=now)
        spoil_disowned(account=account, by=by, now=now)
    _tell_everywhere(account, "password_reset", now)
    sessions.end_all(account=account, why=EndReason.RECOVERED, by=by, now=now)
    return True


def open_by_holder(*, account: Account, why: str, by: By, now: datetime) -> None:
    """The holder opens the password path; sessions go on, and a freeze stays (S-5, P-8)."""
    attempts.open_path(account=account, by=by, now=now)
    append(Deed.SIGN_IN_PATH_OPENED, by=by, now=now, subject=account.pk, why=why)
    _tell_everywhere(account, "path_unlocked", now)


def _tell_everywhere(account: Account, name: str, now: datetime) -> None:
    key = f"{account.pk}:{now.isoformat()}"
    tell(account, name, key, held.known_channels(account, now=now), {}, now=now)
