"""Ten codes on paper for when every device is lost (S-3): made, confirmed, used once each, replaced."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.factors import (
    RECOVERY_ALPHABET,
    RECOVERY_LENGTH,
    FactorKind,
    Refusal,
    in_groups,
    normalized_recovery_code,
)
from bailiwick.idm.signin import held
from bailiwick.idm.signin.actions.factors import record, refuse_more, tell
from bailiwick.idm.signin.models import RecoveryCode, RecoverySheet


def start_recovery_codes(*, account: Account, by: By, now: datetime) -> RecoverySheet:
    """Make ten codes; they count, and former ones stop counting, at `confirm_recovery_codes`. Refuses DEVICE_FIRST."""
    del by  # nothing is on the ledger before it counts
    made = ["".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in _numbers()]
    sheet = RecoverySheet(account=account, added_at=now)
    printed = " ".join(in_groups(code) for code in made)
    sheet.codes_sealed = vault.seal(printed, place=held.SHEET_PLACE, row=str(sheet.pk))
    with transaction.atomic():
        refuse_more(account, FactorKind.RECOVERY)
        RecoverySheet.objects.filter(account=account, confirmed_at=None).delete()
        sheet.save(force_insert=True)
        RecoveryCode.objects.bulk_create(
            RecoveryCode(sheet=sheet, digest=_digest(sheet, code)) for code in made
        )
    return sheet


def confirm_recovery_codes(*, account: Account, identifier: UUID, code: str, by: By, now: datetime) -> None:
    """One of them was typed back, so they were kept: from now on they count, and are never shown again (S-3).

    Typing one back does not use it up. Refuses FACTOR_NOT_STARTED and RECOVERY_CODE_WRONG.
    """
    sheet = RecoverySheet.objects.filter(account=account, pk=identifier, confirmed_at=None).first()
    if sheet is None:
        raise Refused(Refusal.FACTOR_NOT_STARTED)
    if not RecoveryCode.objects.filter(sheet=sheet, digest=_digest(sheet, code)).exists():
        raise Refused(Refusal.RECOVERY_CODE_WRONG)
    with transaction.atomic():
        refuse_more(account, FactorKind.RECOVERY)
        RecoverySheet.objects.filter(account=account, confirmed_at__isnull=False).delete()
        waiting = RecoverySheet.objects.filter(pk=sheet.pk, confirmed_at=None)
        if not waiting.update(confirmed_at=now, codes_sealed=b""):
            raise Refused(Refusal.FACTOR_NOT_STARTED)
        record(Deed.FACTOR_ADDED, "factor_added", sheet, by=by, now=now)


def use(*, account: Account, code: str, by: By, now: datetime) -> bool:
    """Use a code up, once, and tell the holder how many are left. Within a transaction."""
    sheet = held.counting_sheet(account)
    if sheet is None:
        return False
    unused = RecoveryCode.objects.filter(sheet=sheet, digest=_digest(sheet, code), used_at=None)
    # The guarded update is what makes a code good once, however many ask at the same instant.
    if not unused.update(used_at=now):
        return False
    left = held.recovery_codes_left(account)
    append(Deed.RECOVERY_CODE_USED, by=by, now=now, subject=account.pk, about={"left": left})
    channels = held.known_channels(account, now=now)
    tell(account, "recovery_code_used", f"{sheet.pk}:{left}", channels, {"left": left}, now=now)
    return True


def _digest(sheet: RecoverySheet, code: str) -> bytes:
    # 80 random bits, salted by the sheet: no keyed digest, so that no rotation of keys spoils a sheet in a drawer.
    return hashlib.sha256(f"{sheet.pk}:{normalized_recovery_code(code)}".encode()).digest()


def _numbers() -> range:
    return range(settings.LIMITS.recovery_codes)
