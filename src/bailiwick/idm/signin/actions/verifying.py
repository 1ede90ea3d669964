"""Taking the second step with a code, at a sign-in or within a session (S-2, S-3, S-5, S-6)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, DateTimeField, UUIDField

from bailiwick.ground.rulings import By, Refused
from bailiwick.ground.statements import Update
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.rules import factors as rules
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.factors import PHONES, SENT, FactorKind, Refusal
from bailiwick.idm.rules.sessions import Stage
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import held
from bailiwick.idm.signin.actions import attempts, codes, recovery_codes
from bailiwick.idm.signin.actions.passwords import lock_rule
from bailiwick.idm.signin.models import Authenticator, PhoneFactor

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
    than the account's strongest, FACTOR_GONE for what the account does not have. Passkeys have a way of their own.
    """
    is_sign_in = session.stage == Stage.PASSWORD
    # Which others there are matters only where they decide: this is the busiest path there is.
    kinds = held.held_kinds(session.account) if kind is FactorKind.EMAIL or not is_sign_in else []
    if not is_sign_in and not (ruling := rules.may_step_up(kind, kinds)):
        ruling.raise_it()
    wanted = codes.bound(session, kind) if kind in SENT else None
    attempt = attempts.reserve(account=session.account, by=by, now=now)
    with transaction.atomic():
        passed = attempt.allowed and _matches(kind, wanted, session, code, by=by, now=now)
        if passed and is_sign_in:
            return _signed_in(session, kind, kinds, attempt, by=by, now=now)
        if passed:
            attempts.take_back(attempt, by=by, now=now)
            return sessions.reverify(session=session, factor=kind, by=by, now=now)
        attempts.fail(attempt, deed=Deed.SIGN_IN_FACTOR_FAILED, by=by, now=now, about={"factor": kind})
    raise Refused(Refusal.CODE_WRONG, **lock_rule())


def _matches(
    kind: FactorKind, wanted: codes.Bound | None, session: Session, code: str, *, by: By, now: datetime
) -> bool:
    if wanted:
        return codes.matches(wanted, number=code, now=now) and _note_use(session, kind, now)
    if kind is FactorKind.RECOVERY:
        return recovery_codes.use(account=session.account, code=code, by=by, now=now)
    if kind is FactorKind.TOTP:
        return any(_uses_step(row, code, now) for row in held.confirmed_authenticators(session.account))
    return False


def _note_use(session: Session, kind: FactorKind, now: datetime) -> bool:
    if kind in PHONES:
        rows = PhoneFactor.objects.filter(account=session.account_id, way=kind, confirmed_at__isnull=False)
        rows.update(last_used_at=now)
    return True


def _uses_step(row: Authenticator, code: str, now: datetime) -> bool:
    """The guarded update is what makes a number good once, however many ask at the same instant (AX07)."""
    secret = held.secret_of(row)
    step = rules.matching_step(secret, code, last_step=row.last_step, now=now, limits=settings.LIMITS)
    return step is not None and bool(_take_step(pk=row.pk, step=step, at=now))


def _signed_in(
    session: Session,
    kind: FactorKind,
    kinds: list[FactorKind],
    attempt: attempts.Attempt,
    *,
    by: By,
    now: datetime,
) -> str:
    stage = Stage.LIMITED if rules.signs_in_limited(kind, kinds) else Stage.FULL
    # A limited sign-in does not clear the counter: else a mailbox would buy endless guesses at the other factor.
    settle = attempts.take_back if stage is Stage.LIMITED else attempts.clear
    settle(attempt, by=by, now=now)
    cookie = sessions.complete(session=session, factor=kind, stage=stage, by=by, now=now)
    accounts.note_first_sign_in(account=session.account, now=now)
    return cookie
