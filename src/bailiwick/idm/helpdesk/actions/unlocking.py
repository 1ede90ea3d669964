"""Opening a locked password path, and mailing somebody their user ID (H-2, S-5). The holder hears of both."""

from datetime import datetime

from django.conf import settings

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By
from bailiwick.idm.helpdesk.actions._acting import Deskwork, acting, checked_reason, count_lately, tell
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Act, may_mail_more
from bailiwick.idm.rules.signin import PathState
from bailiwick.idm.signin.actions import open_path
from bailiwick.idm.signin.queries import password_path


def unlock(*, work: Deskwork, reason: str, by: By, now: datetime) -> bool:
    """Forget the failures that lock the password path. False where it was open: then nothing is written or told.

    A staff suspension, the password and the factors stay as they are.
    """
    reason = checked_reason(Act.UNLOCK, reason)
    with acting(Act.UNLOCK, work, by=by, now=now) as row:
        if row is None or password_path(work.person, now=now).state is PathState.OPEN:
            return False
        row.until = now + settings.LIMITS.look_holds
        row.save(force_insert=True)
        open_path(account=work.person, by=by, now=now)
        append(Deed.SIGN_IN_PATH_OPENED, by=by, now=now, subject=work.person.pk, why=reason)
        tell(work.person, "path_opened", key=f"path-opened:{row.pk}", now=now)
        return True


def send_user_id(*, work: Deskwork, reason: str, by: By, now: datetime) -> None:
    """Mail the user ID to the address on file, and to no other. Refuses MAILS_TOO_MANY."""
    reason = checked_reason(Act.SEND_USER_ID, reason)
    with acting(Act.SEND_USER_ID, work, by=by, now=now) as row:
        if row is None:
            return
        ruling = may_mail_more(count_lately(work, Act.SEND_USER_ID, now=now), settings.LIMITS)
        if not ruling:
            ruling.raise_it()
        row.until = now + settings.LIMITS.look_holds
        row.save(force_insert=True)
        append(Deed.DESK_USER_ID_SENT, by=by, now=now, subject=work.person.pk, why=reason)
        tell(work.person, "user_id_reminder", key=f"user-id:{row.pk}", now=now, user_id=work.person.user_id)
