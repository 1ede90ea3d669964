"""Setting a new password by a mailed link: started by a desk, done by the holder alone (P-6, P-7, P-9, P-10).

A lock or suspension of the password path does not stop it: this is the way out of them (S-5). What bounds guessing is
the link: three answers, and the third wrong one counts as a failed attempt on the path.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import recovery_emails
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.resetting import Refusal
from bailiwick.idm.signin import hashing, queries
from bailiwick.idm.signin.actions import attempts
from bailiwick.idm.signin.actions.passwords import refuse_used, refuse_weak
from bailiwick.idm.signin.actions.replacing import is_answer, replace_password
from bailiwick.idm.signin.models import Password, ResetLink

LIVE, USED, VOID = ResetLink.State.LIVE, ResetLink.State.USED, ResetLink.State.VOID


def send_reset_link(*, account: Account, why: str, by: By, now: datetime) -> None:
    """Mail the holder a new link; the one before is void. Nobody but the mail ever holds its token (H-3).

    Whether the sender may was asked by the caller, in whose transaction this runs.
    """
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        ResetLink.objects.filter(account=account, state=LIVE).update(state=VOID)
        link = ResetLink.objects.create(
            account=account,
            token_digest=queries.token_digest(token),
            sent_at=now,
            expires_at=now + settings.LIMITS.reset_link_life,
        )
        append(
            Deed.RESET_LINK_SENT, by=by, now=now, subject=account.pk, why=why, about={"link": str(link.pk)}
        )
        notice(
            "reset_link",
            # As for the codes of a recovery: whoever moved the mailbox today gets no link there.
            to=recovery_emails(account, now=now)[-1],
            key=f"reset-link:{link.pk}",
            now=now,
            context={"path": f"/reset-password/{token}/", "minutes": _minutes()},
            secret=True,
            language=account.language,
        )


def reset_password(*, token: str, answer: str, new: str, by: By, now: datetime) -> None:
    """The holder sets a new password. Opens no session, ends all there are, opens the path, touches no factor.

    Refuses a link that may not be used, what P-1 and P-2 object to, ANSWER_WRONG(left) and CHANGED_MEANWHILE. Raises
    Busy where too many hash already.
    """
    link = _usable(queries.reset_link(token), by=by, now=now)
    account = link.account
    with hashing.place_in_line():
        refuse_weak(account, new)
        held = Password.objects.get(pk=account.pk)
        _check_answer(link, answer, by=by, now=now)
        refuse_used(account, held, new)
        encoded = hashing.encode(new)
    by = By(actor=str(account.pk), source=by.source)
    with transaction.atomic():
        _use_up(link, now)
        if not replace_password(held=held, encoded=encoded, about={"link": str(link.pk)}, by=by, now=now):
            raise Refused(Refusal.CHANGED_MEANWHILE)


def _usable(link: ResetLink | None, *, by: By, now: datetime) -> ResetLink:
    """The link, if it may be used now; that it was tried in vain is on the ledger (AX01)."""
    ruling = queries.link_ruling(link, now=now)
    if isinstance(ruling, No):
        subject = link.account_id if link else ""
        outcome = "refused"
        append(Deed.RESET_LINK_REFUSED, by=by, now=now, subject=subject, why=ruling.because, outcome=outcome)
        ruling.raise_it()
    return link


def _use_up(link: ResetLink, now: datetime) -> None:
    """Once, whoever else tries at the same instant, and not on an account that was suspended meanwhile."""
    Account.objects.select_for_update(no_key=True).get(pk=link.account_id)
    fresh = ResetLink.objects.select_related("account").get(pk=link.pk)
    ruling = queries.link_ruling(fresh, now=now)
    if isinstance(ruling, No):
        ruling.raise_it()
    if not ResetLink.objects.filter(pk=link.pk, state=LIVE).update(state=USED):
        raise Refused(Refusal.LINK_USED)


def _check_answer(link: ResetLink, answer: str, *, by: By, now: datetime) -> None:
    """Count a try before the answer is looked at; give it back where it was right. None is asked for under `strict`."""
    if not queries.asks_for_answer(link.account):
        return
    open_tries = ResetLink.objects.filter(
        pk=link.pk, state=LIVE, tries__lt=settings.LIMITS.answer_wrong_tries
    )
    if not open_tries.update(tries=F("tries") + 1):
        raise Refused(Refusal.LINK_VOID)
    if is_answer(link.account, answer):
        ResetLink.objects.filter(pk=link.pk, tries__gt=0).update(tries=F("tries") - 1)
        return
    left = settings.LIMITS.answer_wrong_tries - ResetLink.objects.get(pk=link.pk).tries
    if left > 0:
        append(Deed.SECURITY_ANSWER_FAILED, by=by, now=now, subject=link.account_id, outcome="failed")
        raise Refused(Refusal.ANSWER_WRONG, left=left)
    if ResetLink.objects.filter(pk=link.pk, state=LIVE).update(state=VOID):
        attempt = attempts.reserve(account=link.account, by=by, now=now)
        attempts.fail(attempt, deed=Deed.SECURITY_ANSWER_FAILED, by=by, now=now, about={"link": str(link.pk)})
    raise Refused(Refusal.LINK_VOID)


def _minutes() -> int:
    return int(settings.LIMITS.reset_link_life.total_seconds() // 60)
