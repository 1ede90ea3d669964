"""What holds for every factor: told, renamed, removed (S-3). Adding is in a module for each kind."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules import factors as rules
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.factors import DEVICES, FactorKind, Refusal
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.signin import held
from bailiwick.idm.signin.models import Authenticator, Passkey, PhoneFactor, RecoverySheet
from bailiwick.idm.signin.words import FACTOR_WORDS

# A call for each change would only teach people to hang up on us.
TOLD_BY = frozenset({"email", "sms"})


def rename_factor(*, account: Account, identifier: UUID, name: str, by: By, now: datetime) -> None:
    """Refuses FACTOR_GONE where the account has no such factor."""
    row = _own(account, identifier)
    if row.kind is FactorKind.RECOVERY:
        raise Refused(Refusal.FACTOR_GONE)
    with transaction.atomic():
        if type(row).objects.filter(pk=row.pk).exclude(name=name).update(name=name):
            row.name = name
            record(Deed.FACTOR_RENAMED, "factor_renamed", row, by=by, now=now)


def remove_factor(*, account: Account, identifier: UUID, by: By, now: datetime) -> None:
    """No session keeps what it was worth by this factor; recovery codes go with the last device (S-3, S-6).

    Refuses FACTOR_GONE where the account has no such factor (any more).
    """
    row = _own(account, identifier)
    channels = held.known_channels(account, now=now)
    with transaction.atomic():
        if not type(row).objects.filter(pk=row.pk).delete()[1].get(row._meta.label):
            raise Refused(Refusal.FACTOR_GONE)
        record(Deed.FACTOR_REMOVED, "factor_removed", row, by=by, now=now, channels=channels)
        if not DEVICES.intersection(held.counts(account)):
            _remove_sheet(account, channels, by=by, now=now)
        sessions.weaken(account=account, by=by, now=now)


def remove_all_factors(*, account: Account, by: By, now: datetime) -> None:
    """Every factor but e-mail goes, and whatever was being added (P-9). Whether somebody may was asked by the caller."""
    channels = held.known_channels(account, now=now)
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        for model in held.DEVICE_MODELS:
            for row in model.objects.filter(account=account):
                model.objects.filter(pk=row.pk).delete()
                if row.confirmed_at:
                    record(Deed.FACTOR_REMOVED, "factor_removed", row, by=by, now=now, channels=channels)
        sessions.weaken(account=account, by=by, now=now)


def _remove_sheet(account: Account, channels: list[tuple[str, str]], *, by: By, now: datetime) -> None:
    for sheet in RecoverySheet.objects.filter(account=account):
        RecoverySheet.objects.filter(pk=sheet.pk).delete()
        if sheet.confirmed_at:
            record(Deed.FACTOR_REMOVED, "factor_removed", sheet, by=by, now=now, channels=channels)


def refuse_more(account: Account, kind: FactorKind) -> None:
    """Lock the account's row, then refuse FACTORS_FULL, DEVICE_FIRST or FACTOR_NOT_OFFERED (S-4). Within a transaction."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    ruling = rules.may_add(kind, held.counts(account), settings.LIMITS)
    if not ruling:
        ruling.raise_it()
    if kind not in held.offered_kinds():
        raise Refused(Refusal.FACTOR_NOT_OFFERED)


def _own(account: Account, identifier: UUID) -> held.Device:
    row = held.device(account, identifier)
    if row is None or row.confirmed_at is None:
        raise Refused(Refusal.FACTOR_GONE)
    return row


def record(
    deed: Deed,
    name: str,
    row: Authenticator | PhoneFactor | Passkey | RecoverySheet,
    *,
    by: By,
    now: datetime,
    channels: list[tuple[str, str]] | None = None,
) -> None:
    """Put a change on the ledger and tell every known mailbox and phone of the holder (S-3). `channels`: of before it."""
    account = row.account
    append(deed, by=by, now=now, subject=account.pk, about={"kind": row.kind, "factor": str(row.pk)})
    context = {"kind": FACTOR_WORDS[row.kind], "factor": row.name}
    known = held.known_channels(account, now=now)
    tell(account, name, f"{row.pk}:{now.isoformat()}", channels or known, context, now=now)


def tell(
    account: Account,
    name: str,
    key: str,
    channels: list[tuple[str, str]],
    context: dict[str, Any],
    *,
    now: datetime,
) -> None:
    """One notice for each mailbox, and one short text for each phone; a copy of the first in the inbox (N-2)."""
    for number, (channel, address) in enumerate(each for each in channels if each[0] in TOLD_BY):
        notice(
            name if channel == "email" else f"{name}_text",
            to=address,
            key=f"{name}:{key}:{number}",
            now=now,
            channel=channel,
            context=context,
            language=account.language,
            inbox=str(account.pk) if number == 0 else "",
        )
