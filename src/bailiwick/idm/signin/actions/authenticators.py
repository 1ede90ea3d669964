"""Adding an authenticator app (S-3, S-4)."""

from datetime import datetime
from uuid import UUID

import pyotp
from django.conf import settings
from django.db import transaction

from bailiwick.ground import vault
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules import factors as rules
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.factors import FactorKind, Refusal
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import held
from bailiwick.idm.signin.actions.factors import record, refuse_more
from bailiwick.idm.signin.actions.passwords import lock_rule
from bailiwick.idm.signin.models import Authenticator


def start_totp(*, account: Account, name: str, by: By, now: datetime) -> Authenticator:
    """Make a secret for a new authenticator app; it counts for nothing until `confirm_totp` (S-3). Refuses FACTORS_FULL.

    One that was begun before and not finished is forgotten.
    """
    del by  # nothing is on the ledger before it counts
    row = Authenticator(account=account, name=name, added_at=now)
    row.secret_sealed = vault.seal(pyotp.random_base32(), place=held.SECRET_PLACE, row=str(row.pk))
    with transaction.atomic():
        refuse_more(account, FactorKind.TOTP)
        Authenticator.objects.filter(account=account, confirmed_at=None).delete()
        row.save(force_insert=True)
    return row


def confirm_totp(*, session: Session, identifier: UUID, code: str, by: By, now: datetime) -> str:
    """The app shows the right number: from now on it is a factor, and this session was verified with it (S-3).

    Refuses FACTOR_NOT_STARTED, CODE_WRONG and FACTORS_FULL. Returns the new cookie: the session id changes as the
    session rises.
    """
    row = held.authenticator(session.account, identifier)
    if row is None or row.confirmed_at:
        raise Refused(Refusal.FACTOR_NOT_STARTED)
    secret, limits = held.secret_of(row), settings.LIMITS
    step = rules.matching_step(secret, code, last_step=0, now=now, limits=limits)
    if step is None:
        raise Refused(Refusal.CODE_WRONG, **lock_rule())
    with transaction.atomic():
        refuse_more(session.account, FactorKind.TOTP)
        waiting = Authenticator.objects.filter(pk=row.pk, confirmed_at=None)
        if not waiting.update(confirmed_at=now, last_step=step, last_used_at=now):
            raise Refused(Refusal.FACTOR_NOT_STARTED)
        record(Deed.FACTOR_ADDED, "factor_added", row, by=by, now=now)
        return sessions.reverify(session=session, factor=FactorKind.TOTP, by=by, now=now)
