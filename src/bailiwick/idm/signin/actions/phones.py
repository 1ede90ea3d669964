"""Adding and changing a phone that codes are sent to, by text or by call (S-3, S-4)."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.factors import FactorKind, Purpose, Refusal
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin import held
from bailiwick.idm.signin.actions import codes
from bailiwick.idm.signin.actions.factors import record, refuse_more
from bailiwick.idm.signin.actions.passwords import lock_rule
from bailiwick.idm.signin.models import PhoneFactor


def start_phone(
    *,
    session: Session,
    kind: FactorKind,
    name: str,
    number: str,
    extension: str = "",
    replaces: PhoneFactor | None = None,
    by: By,
    now: datetime,
) -> PhoneFactor:
    """Send a code to a new phone, or to the changed number of `replaces`; it counts from `confirm_phone` on.

    `kind`: SMS or VOICE; `number`: ten digits. Refuses FACTORS_FULL, FACTOR_NOT_OFFERED, CODE_TOO_SOON, CODES_TOO_MANY.
    One that was begun before and not finished is forgotten.
    """
    account = session.account
    row = PhoneFactor(account=account, way=kind, name=name, number=number, extension=extension, added_at=now)
    with transaction.atomic():
        if replaces is None:
            refuse_more(account, kind)
        elif kind not in held.offered_kinds():
            raise Refused(Refusal.FACTOR_NOT_OFFERED)
        PhoneFactor.objects.filter(account=account, way=kind, confirmed_at=None).delete()
        row.save(force_insert=True)
        codes.issue(_bound(session, row), by=by, now=now)
    return row


def resend_to_phone(*, session: Session, row: PhoneFactor, by: By, now: datetime) -> None:
    """Another code to the phone being added. Refuses CODE_TOO_SOON and CODES_TOO_MANY."""
    codes.issue(_bound(session, row), by=by, now=now)


def confirm_phone(*, session: Session, identifier: UUID, code: str, by: By, now: datetime) -> str:
    """The code arrived there: from now on codes for signing in go to it, and to no former number (S-3).

    Refuses FACTOR_NOT_STARTED and CODE_WRONG. Returns the new cookie: the session id changes as the session rises.
    """
    row = PhoneFactor.objects.filter(account=session.account, pk=identifier, confirmed_at=None).first()
    if row is None:
        raise Refused(Refusal.FACTOR_NOT_STARTED)
    if not codes.matches(_bound(session, row), number=code, now=now):
        raise Refused(Refusal.CODE_WRONG, **lock_rule())
    channels = held.known_channels(session.account, now=now)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=row.account_id)
        former = PhoneFactor.objects.filter(account=row.account, way=row.way, confirmed_at__isnull=False)
        is_change = bool(former.delete()[0])
        waiting = PhoneFactor.objects.filter(pk=row.pk, confirmed_at=None)
        if not waiting.update(confirmed_at=now, last_used_at=now):
            raise Refused(Refusal.FACTOR_NOT_STARTED)
        deed, name = (
            (Deed.FACTOR_CHANGED, "factor_changed") if is_change else (Deed.FACTOR_ADDED, "factor_added")
        )
        # The former number is told, too: a thief who changes it must not be the only one to hear of it.
        told = list(dict.fromkeys([*channels, *held.known_channels(row.account, now=now)]))
        record(deed, name, row, by=by, now=now, channels=told)
        return sessions.reverify(session=session, factor=row.kind, by=by, now=now)


def _bound(session: Session, row: PhoneFactor) -> codes.Bound:
    return codes.Bound(session, Purpose.ENROLL, row.kind, row.address)
