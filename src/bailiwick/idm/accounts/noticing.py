"""How a holder is told of things: in which language, of what by mail, and whether mail reaches the address (N-2)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox import preferences
from bailiwick.ground.rulings import By
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed


def choose_notices(
    *, account: Account, language: str, declined: Collection[str], by: By, now: datetime
) -> None:
    """Keep the language of notices, and the optional ones that are not to be mailed; unchanged is nothing."""
    with transaction.atomic():
        is_new = Account.objects.filter(pk=account.pk).exclude(language=language).update(language=language)
        if preferences.decline(str(account.pk), declined) or is_new:
            append(Deed.NOTICES_CHOSEN, by=by, now=now, subject=account.pk, about={"language": language})
    account.language = language


def note_mail_failed(*, account: Account, status: str, by: By, now: datetime) -> bool:
    """Note, once, that the account's address takes no mail. `status`: the mail server's code. Call it in a transaction."""
    fresh = Account.objects.filter(pk=account.pk, email=account.email, mail_failed_at=None)
    if not fresh.update(mail_failed_at=now):
        return False
    append(Deed.MAILBOX_FAILED, by=by, now=now, subject=account.pk, about={"status": status})
    return True


def say_mail_works(*, account: Account, by: By, now: datetime) -> None:
    """The holder says that mail arrives again."""
    with transaction.atomic():
        failed = Account.objects.filter(pk=account.pk, mail_failed_at__isnull=False)
        if failed.update(mail_failed_at=None):
            append(Deed.MAILBOX_WORKS, by=by, now=now, subject=account.pk)
    account.mail_failed_at = None
