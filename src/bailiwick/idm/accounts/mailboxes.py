"""Changing the mailbox that an account is reached by: asked, confirmed at the new one, taken back at the old one (R-9).

The only writer of e-mail changes. A link confirms one change of one account to one address, and only while the account
is still at the address it was asked at (AX10). Whether somebody else uses the new address is neither asked nor told.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.accounts import queries
from bailiwick.idm.accounts.models import Account, EmailChange
from bailiwick.idm.rules.accounts import email_key
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.mailboxes import Refusal, may_ask

WAITING, CONFIRMED = EmailChange.State.WAITING, EmailChange.State.CONFIRMED
REPLACED, TAKEN_BACK = EmailChange.State.REPLACED, EmailChange.State.TAKEN_BACK
HOUR = timedelta(hours=1)


def ask_email_change(*, account: Account, wanted: str, by: By, now: datetime) -> EmailChange:
    """Mail a link to the new address, and tell the old one with a link that takes it back. The one before is void.

    Refuses what the rules object to. Nothing of the account changes yet.
    """
    limits, confirming, cancelling = settings.LIMITS, _token(), _token()
    with transaction.atomic():
        locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        asked_lately = EmailChange.objects.filter(account=account, asked_at__gt=now - HOUR).count()
        ruling = may_ask(locked.email, wanted, asked_lately=asked_lately, limits=limits)
        if isinstance(ruling, No):
            ruling.raise_it()
        EmailChange.objects.filter(account=account, state=WAITING).update(state=REPLACED)
        change = EmailChange.objects.create(
            account=account,
            before=locked.email,
            after=wanted,
            confirm_digest=queries.link_digest(confirming),
            cancel_digest=queries.link_digest(cancelling),
            asked_at=now,
            expires_at=now + limits.email_change_waits,
        )
        append(Deed.EMAIL_CHANGE_ASKED, by=by, now=now, subject=account.pk, about={"change": str(change.pk)})
        _mail(change, "email_confirm", wanted, now, path=f"/profile/email/confirm/{confirming}/")
        _mail(change, "email_asked", locked.email, now, path=f"/email-undo/{cancelling}/", inbox=True)
    return change


def confirm_email_change(*, account: Account, token: str, by: By, now: datetime) -> None:
    """The holder, signed in, pressed the button behind the link: the account is reached at the new address from now on.

    Refuses a link that is not this account's like one that nobody has, and one that is over.
    """
    change = _checked(queries.change_to_confirm(account, token), by=by, now=now, account=account)
    undoing = _token()
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        fresh = EmailChange.objects.select_related("account").get(pk=change.pk)
        ruling = queries.confirm_ruling(fresh, now=now)
        if isinstance(ruling, No):
            ruling.raise_it()
        waiting = EmailChange.objects.filter(pk=change.pk, state=WAITING)
        digest = queries.link_digest(undoing)
        if not waiting.update(state=CONFIRMED, confirmed_at=now, undo_digest=digest):
            raise Refused(Refusal.EMAIL_LINK_OVER)
        _move(account, change.after)
        append(Deed.EMAIL_CHANGED, by=by, now=now, subject=account.pk, about={"change": str(change.pk)})
        _mail(change, "email_changed", change.before, now, path=f"/email-undo/{undoing}/", inbox=True)
        _mail(change, "email_in_use", change.after, now)


def check_taking_back(*, token: str, by: By, now: datetime) -> EmailChange:
    """The change that the link takes back. Refuses a link that is unknown, over or used; that is on the ledger."""
    change = queries.change_to_take_back(token)
    ruling = queries.take_back_ruling(change, now=now)
    if isinstance(ruling, No):
        _refuse(ruling, change.account if change else None, by=by, now=now)
    return change


def take_back_email_change(*, change: EmailChange, by: By, now: datetime) -> None:
    """Whoever holds the old mailbox takes the change back, and every later one with it.

    Sessions and ways back in are above this room: `signin.actions.take_back_email_change` checks, calls this, ends them.
    """
    account = change.account
    with transaction.atomic():
        account.refresh_from_db(from_queryset=Account.objects.select_for_update(no_key=True))
        since = EmailChange.objects.filter(account=account, asked_at__gte=change.asked_at)
        if not since.filter(pk=change.pk).exclude(state=TAKEN_BACK).update(state=TAKEN_BACK):
            raise Refused(Refusal.EMAIL_CHANGE_TAKEN_BACK)
        left = set(since.filter(state=CONFIRMED).values_list("after", flat=True)) | {account.email}
        since.update(state=TAKEN_BACK)
        _move(account, change.before)
        append(
            Deed.EMAIL_CHANGE_TAKEN_BACK,
            by=by,
            now=now,
            subject=account.pk,
            about={"change": str(change.pk)},
        )
        _mail(change, "email_restored", change.before, now, inbox=True)
        for number, address in enumerate(sorted(left - {change.before})):
            _mail(change, "email_left", address, now, number=number)


def take_back_since(*, account: Account, since: datetime, by: By, now: datetime) -> None:
    """Take back whatever was asked for since then: the holder says that it was somebody else (S-9, AX10)."""
    asked = EmailChange.objects.select_related("account").filter(account=account, asked_at__gte=since)
    first = asked.exclude(state=TAKEN_BACK).order_by("asked_at").first()
    if first:
        take_back_email_change(change=first, by=by, now=now)


def forget_changes(*, account: Account, now: datetime) -> None:
    """The desk led the account to another mailbox: no link that a former one holds moves it again (P-9, AX10)."""
    del now  # the ledger has what was changed, and when
    EmailChange.objects.filter(account=account).delete()


def _token() -> str:
    return secrets.token_urlsafe(32)


def _move(account: Account, address: str) -> None:
    moved = {"email": address, "email_key": email_key(address), "mail_failed_at": None}
    Account.objects.filter(pk=account.pk).update(**moved)
    for name, value in moved.items():
        setattr(account, name, value)


def _checked(change: EmailChange | None, *, account: Account, by: By, now: datetime) -> EmailChange:
    ruling = queries.confirm_ruling(change, now=now)
    if isinstance(ruling, No):
        _refuse(ruling, account, by=by, now=now)
    return change


def _refuse(ruling: No, account: Account | None, *, by: By, now: datetime) -> None:
    """That a link was tried in vain is on the ledger (AX10)."""
    subject, why = str(account.pk) if account else "", ruling.because
    append(Deed.EMAIL_LINK_REFUSED, by=by, now=now, subject=subject, why=why, outcome="refused")
    ruling.raise_it()


def _mail(
    change: EmailChange,
    name: str,
    to: str,
    now: datetime,
    *,
    path: str = "",
    inbox: bool = False,
    number: int = 0,
) -> None:
    limits = settings.LIMITS
    context: dict[str, Any] = {
        "path": path,
        "hours": int(limits.email_change_waits.total_seconds() // 3600),
        "days": limits.email_change_undone.days,
    }
    notice(
        name,
        to=to,
        key=f"{name}:{change.pk}:{number}",
        now=now,
        context=context,
        secret=bool(path),
        language=change.account.language,
        inbox=str(change.account_id) if inbox else "",
    )
