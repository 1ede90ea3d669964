"""Taking the second step, and adding and removing what it is taken with (S-2, S-3, S-6)."""

from datetime import datetime
from uuid import UUID

import pyotp
from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, DateTimeField, UUIDField

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, Refused
from bailiwick.ground.statements import Update
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules import factors as rules
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.factors import FactorKind, Refusal
from bailiwick.idm.rules.sessions import Stage
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import queries
from bailiwick.idm.signin.actions import attempts, codes
from bailiwick.idm.signin.actions.passwords import lock_rule
from bailiwick.idm.signin.models import Authenticator

_take_step = Update(
    lambda pk, step, at: (
        Authenticator.objects.filter(pk=pk, last_step__lt=step),
        {"last_step": step, "last_used_at": at},
    ),
    pk=UUIDField(),
    step=BigIntegerField(),
    at=DateTimeField(),
)


def take_second_step(*, session: Session, kind: FactorKind, code: str, by: By, now: datetime) -> str:
    """Finish a sign-in, or step up within one (S-6), with a code of that kind. Returns the new cookie's value.

    Refuses CODE_WRONG for a wrong, old or used code and for a closed path alike, FACTOR_TOO_WEAK for a step-up by less
    than the account's strongest.
    """
    own = queries.confirmed_authenticators(session.account)
    held = [FactorKind.TOTP] if own else []
    is_sign_in = session.stage == Stage.PASSWORD
    if not is_sign_in and not (ruling := rules.may_step_up(kind, held)):
        ruling.raise_it()
    attempt = attempts.reserve(account=session.account, by=by, now=now)
    with transaction.atomic():
        passed = attempt.allowed and _matches(kind, own, session, code, now)
        if passed and is_sign_in:
            return _signed_in(session, kind, held, attempt, by=by, now=now)
        if passed:
            attempts.take_back(attempt, by=by, now=now)
            return sessions.reverify(session=session, factor=kind, by=by, now=now)
        attempts.fail(attempt, deed=Deed.SIGN_IN_FACTOR_FAILED, by=by, now=now, about={"factor": kind})
    raise Refused(Refusal.CODE_WRONG, **lock_rule())


def _matches(kind: FactorKind, own: list[Authenticator], session: Session, code: str, now: datetime) -> bool:
    if kind is FactorKind.EMAIL:
        return codes.matches(session=session, number=code, now=now)
    return any(_uses_step(row, code, now) for row in own)


def _uses_step(row: Authenticator, code: str, now: datetime) -> bool:
    """The guarded update is what makes a number good once, however many ask at the same instant (AX07)."""
    secret = queries.secret_of(row)
    step = rules.matching_step(secret, code, last_step=row.last_step, now=now, limits=settings.LIMITS)
    return step is not None and bool(_take_step(pk=row.pk, step=step, at=now))


def _signed_in(
    session: Session,
    kind: FactorKind,
    held: list[FactorKind],
    attempt: attempts.Attempt,
    *,
    by: By,
    now: datetime,
) -> str:
    stage = Stage.LIMITED if rules.signs_in_limited(kind, held) else Stage.FULL
    # A limited sign-in does not clear the counter: else a mailbox would buy endless guesses at the other factor.
    settle = attempts.take_back if stage is Stage.LIMITED else attempts.clear
    settle(attempt, by=by, now=now)
    cookie = sessions.complete(session=session, factor=kind, stage=stage, by=by, now=now)
    accounts.note_first_sign_in(account=session.account, now=now)
    return cookie


def start_totp(*, account: Account, name: str, by: By, now: datetime) -> Authenticator:
    """Make a secret for a new authenticator app; it counts for nothing until `confirm_totp` (S-3). Refuses FACTORS_FULL.

    One that was begun before and not finished is forgotten.
    """
    del by  # nothing is on the ledger before it counts
    row = Authenticator(account=account, name=name, added_at=now)
    row.secret_sealed = vault.seal(pyotp.random_base32(), place=queries.SECRET_PLACE, row=str(row.pk))
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        own = Authenticator.objects.filter(account=account)
        ruling = rules.may_add_authenticator(own.exclude(confirmed_at=None).count(), settings.LIMITS)
        if not ruling:
            ruling.raise_it()
        own.filter(confirmed_at=None).delete()
        row.save(force_insert=True)
    return row


def confirm_totp(*, session: Session, identifier: UUID, code: str, by: By, now: datetime) -> str:
    """The app shows the right number: from now on it is a factor, and this session was verified with it (S-3).

    Refuses FACTOR_NOT_STARTED and CODE_WRONG. Returns the new cookie: the session id changes as the session rises.
    """
    row = queries.authenticator(session.account, identifier)
    if row is None or row.confirmed_at:
        raise Refused(Refusal.FACTOR_NOT_STARTED)
    secret, limits = queries.secret_of(row), settings.LIMITS
    step = rules.matching_step(secret, code, last_step=0, now=now, limits=limits)
    if step is None:
        raise Refused(Refusal.CODE_WRONG, **lock_rule())
    with transaction.atomic():
        waiting = Authenticator.objects.filter(pk=row.pk, confirmed_at=None)
        if not waiting.update(confirmed_at=now, last_step=step, last_used_at=now):
            raise Refused(Refusal.FACTOR_NOT_STARTED)
        _record(Deed.FACTOR_ADDED, "factor_added", row, by=by, now=now)
        return sessions.reverify(session=session, factor=FactorKind.TOTP, by=by, now=now)


def rename_factor(*, account: Account, identifier: UUID, name: str, by: By, now: datetime) -> None:
    """Refuses FACTOR_GONE where the account has no such factor."""
    row = _own(account, identifier)
    with transaction.atomic():
        if Authenticator.objects.filter(pk=row.pk).exclude(name=name).update(name=name):
            append(Deed.FACTOR_RENAMED, by=by, now=now, subject=account.pk, about={"factor": str(row.pk)})


def remove_factor(*, account: Account, identifier: UUID, by: By, now: datetime) -> None:
    """Refuses FACTOR_GONE where the account has no such factor (any more)."""
    row = _own(account, identifier)
    with transaction.atomic():
        if not Authenticator.objects.filter(pk=row.pk).delete()[0]:
            raise Refused(Refusal.FACTOR_GONE)
        _record(Deed.FACTOR_REMOVED, "factor_removed", row, by=by, now=now)


def _own(account: Account, identifier: UUID) -> Authenticator:
    row = queries.authenticator(account, identifier)
    if row is None or row.confirmed_at is None:
        raise Refused(Refusal.FACTOR_GONE)
    return row


def _record(deed: Deed, name: str, row: Authenticator, *, by: By, now: datetime) -> None:
    account = row.account
    append(deed, by=by, now=now, subject=account.pk, about={"kind": FactorKind.TOTP, "factor": str(row.pk)})
    key = f"{name}:{row.pk}"
    notice(name, to=account.email, key=key, now=now, context={"factor": row.name}, language=account.language)
