"""The resets that IDM's desk starts: every factor but e-mail, or the mailbox (P-9, H-2, H-5). The only writer of them.

Whether a desk may was asked by its own room, in whose transaction asking and agreeing run. From its time on a reset
holds at every door (`settle_reset`), whether or not the job has come by.
"""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts import mailboxes
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules import restoring as rules
from bailiwick.idm.rules.accounts import email_key
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.restoring import Refusal, ResetKind, ResetState
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.signin import held, ladders
from bailiwick.idm.signin.actions import factors
from bailiwick.idm.signin.actions.forgetting import void_ways_back
from bailiwick.idm.signin.models import FactorReset

WAITING, DONE, CANCELED = FactorReset.State.WAITING, FactorReset.State.DONE, FactorReset.State.CANCELED
MOST_AT_ONCE = 200


def ask_reset(
    *, account: Account, kind: ResetKind, email: str = "", asked_by: Account, why: str, by: By, now: datetime
) -> FactorReset:
    """Start one and tell every known channel, with a link that cancels it. Refuses RESET_WAITS and EMAIL_NOT_NEW."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        account.refresh_from_db(from_queryset=Account.objects.select_for_update(no_key=True))
        if FactorReset.objects.filter(account=account, state=WAITING).exists():
            raise Refused(Refusal.RESET_WAITS)
        if kind is ResetKind.EMAIL and email_key(email) == account.email_key:
            raise Refused(Refusal.EMAIL_NOT_NEW)
        reset = FactorReset.objects.create(
            account=account,
            kind=kind,
            email=email if kind is ResetKind.EMAIL else "",
            token_digest=hashlib.sha256(token.encode()).digest(),
            asked_by=asked_by,
            asked_at=now,
            due_at=rules.due_at(now, settings.LIMITS),
        )
        accounts.await_reset(account=account, due_at=reset.due_at, now=now)
        _record(Deed.FACTOR_RESET_ASKED, reset, why=why, by=by, now=now)
        _tell(reset, "factor_reset_asked", now, path=f"/factor-reset/{token}/")
    return reset


def cancel_reset(*, token: str, by: By, now: datetime) -> None:
    """Whoever was told of it stops it. Refuses RESET_UNKNOWN and RESET_OVER."""
    reset = ladders.reset_by_token(token)
    ruling = ladders.cancel_ruling(reset, now=now)
    if isinstance(ruling, No):
        ruling.raise_it()
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=reset.account_id)
        waiting = FactorReset.objects.filter(pk=reset.pk, state=WAITING, due_at__gt=now)
        if not waiting.update(state=CANCELED, ended_at=now, email=""):
            raise Refused(Refusal.RESET_OVER)
        accounts.await_reset(account=reset.account, due_at=None, now=now)
        _record(Deed.FACTOR_RESET_CANCELED, reset, by=by, now=now)
        _tell(reset, "factor_reset_canceled", now)


def agree_to_reset(*, reset: FactorReset, second: Account, why: str, by: By, now: datetime) -> None:
    """A second person of tier 3 agrees: it holds at once (H-5). Refuses SAME_PERSON, RESET_OVER."""
    ruling = rules.may_hurry(ladders.reset_facts(reset, by=second), now=now)
    if isinstance(ruling, No):
        ruling.raise_it()
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=reset.account_id)
        if not _perform(reset, agreed_by=second, why=why, by=by, now=now):
            raise Refused(Refusal.RESET_OVER)


def settle_reset(*, account: Account, by: By, now: datetime) -> bool:
    """Write down a reset whose time has come, at whichever door the account is met first. No statement where none has."""
    if account.reset_due_at is None or now < account.reset_due_at:
        return False
    with transaction.atomic():
        account.refresh_from_db(from_queryset=Account.objects.select_for_update(no_key=True))
        reset = ladders.reset_of(account)
        if reset is None or not rules.is_due(ladders.reset_facts(reset), now=now):
            return False
        is_done = _perform(reset, by=by, now=now)
        account.refresh_from_db()
    return is_done


def settle_due_resets(*, by: By, now: datetime) -> int:
    """The job's part: those whose account nobody has come to yet. Returns how many."""
    due = FactorReset.objects.select_related("account").filter(state=WAITING, due_at__lte=now)
    return sum(
        settle_reset(account=reset.account, by=by, now=now) for reset in due.order_by("due_at")[:MOST_AT_ONCE]
    )


def _perform(
    reset: FactorReset, *, agreed_by: Account | None = None, why: str = "", by: By, now: datetime
) -> bool:
    """In the caller's transaction, the account's row locked. The person signs in by e-mail afterwards (P-9)."""
    account, known = reset.account, held.known_channels(reset.account, now=now)
    waiting = FactorReset.objects.filter(pk=reset.pk, state=ResetState.WAITING)
    if not waiting.update(state=DONE, ended_at=now, agreed_by=agreed_by, email=""):
        return False
    accounts.await_reset(account=account, due_at=None, now=now)
    _record(Deed.FACTOR_RESET_DONE, reset, why=why, by=by, now=now)
    if reset.kind == ResetKind.EMAIL:
        accounts.replace_email(account=account, email=reset.email, by=by, now=now)
        mailboxes.forget_changes(account=account, now=now)
        void_ways_back(account)
        known.append(("email", account.email))
    else:
        factors.remove_all_factors(account=account, by=by, now=now)
    _tell(reset, "factor_reset_done", now, known=known)
    sessions.end_all(account=account, why=EndReason.FACTORS_RESET, by=by, now=now)
    return True


def _record(deed: Deed, reset: FactorReset, *, why: str = "", by: By, now: datetime) -> None:
    about = {"reset": str(reset.pk), "kind": reset.kind}
    append(deed, by=by, now=now, subject=reset.account_id, why=why, about=about)


def _tell(
    reset: FactorReset,
    name: str,
    now: datetime,
    *,
    path: str = "",
    known: list[tuple[str, str]] | None = None,
) -> None:
    context = {"path": path, "is_email": reset.kind == ResetKind.EMAIL, "due_at": reset.due_at}
    channels = known or held.known_channels(reset.account, now=now)
    factors.tell(reset.account, name, str(reset.pk), channels, context, now=now)
