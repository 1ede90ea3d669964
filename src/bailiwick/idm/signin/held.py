"""Reading the factors that an account holds: which, how strong, where their codes go (S-3, S-4)."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import UUIDField

from bailiwick.ground import vault
from bailiwick.ground.outbox.channels import offered_channels
from bailiwick.ground.statements import Read
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import recovery_emails
from bailiwick.idm.rules.factors import (
    OFFERED,
    PHONES,
    STRENGTH,
    CodeState,
    FactorKind,
    email_verifies,
    is_running_low,
    strongest,
)
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin.models import (
    Authenticator,
    OneTimeCode,
    Passkey,
    PhoneFactor,
    RecoveryCode,
    RecoverySheet,
)

SECRET_PLACE = "idm_signin.authenticator.secret"  # noqa: S105 - a place, not a secret
SHEET_PLACE = "idm_signin.recoverysheet.codes"

Device = Authenticator | PhoneFactor | Passkey | RecoverySheet
DEVICE_MODELS = (Authenticator, PhoneFactor, Passkey, RecoverySheet)

# Asked at every sign-in.
_confirmed = Read(
    lambda account: Authenticator.objects.filter(account=account, confirmed_at__isnull=False).order_by(
        "confirmed_at"
    ),
    account=UUIDField(),
)


@dataclass(frozen=True)
class Factor:
    """One way to take the second step, as pages list it. `id` is "email" or a device's id.

    `detail`: a masked number, or ""; `left`: unused recovery codes; `is_low`: they are running out.
    """

    id: str
    kind: FactorKind
    name: str
    added_at: datetime | None
    last_used_at: datetime | None
    detail: str = ""
    left: int = 0
    is_low: bool = False


def factors(account: Account) -> list[Factor]:
    """The account's factors, the strongest first, recovery codes last; e-mail is always there (S-3)."""
    own = [*_devices(account), Factor("email", FactorKind.EMAIL, "", None, None)]
    return sorted(own, key=lambda factor: OFFERED.index(factor.kind))


def _devices(account: Account) -> Iterator[Factor]:
    for key in passkeys(account):
        yield Factor(str(key.pk), key.kind, key.name, key.added_at, key.last_used_at)
    for app in confirmed_authenticators(account):
        yield Factor(str(app.pk), app.kind, app.name, app.confirmed_at, app.last_used_at)
    for phone in PhoneFactor.objects.filter(account=account, confirmed_at__isnull=False):
        detail = masked_number(phone)
        yield Factor(str(phone.pk), phone.kind, phone.name, phone.confirmed_at, phone.last_used_at, detail)
    sheet = counting_sheet(account)
    if sheet:
        yield _of_sheet(sheet)


def _of_sheet(sheet: RecoverySheet) -> Factor:
    used = list(RecoveryCode.objects.filter(sheet=sheet).values_list("used_at", flat=True))
    last_used_at = max(filter(None, used), default=None)
    left = used.count(None)
    return Factor(
        id=str(sheet.pk),
        kind=FactorKind.RECOVERY,
        name="",
        added_at=sheet.confirmed_at,
        last_used_at=last_used_at,
        left=left,
        is_low=is_running_low(left, settings.LIMITS),
    )


def counts(account: Account) -> Counter[FactorKind]:
    """How many of each kind count, e-mail aside (S-4)."""
    held: Counter[FactorKind] = Counter()
    held[FactorKind.PASSKEY] = Passkey.objects.filter(account=account).count()
    held[FactorKind.TOTP] = len(confirmed_authenticators(account))
    phones = PhoneFactor.objects.filter(account=account, confirmed_at__isnull=False)
    for way in phones.values_list("way", flat=True):
        held[FactorKind(way)] += 1
    if counting_sheet(account):
        held[FactorKind.RECOVERY] = 1
    return +held


def held_kinds(account: Account) -> list[FactorKind]:
    """The kinds of factor that the account holds, the strongest first; e-mail is always among them (S-3)."""
    held = {*counts(account), FactorKind.EMAIL}
    return [kind for kind in STRENGTH if kind in held]


def strongest_factor(account: Account) -> FactorKind:
    """The kind of the account's strongest factor (S-6)."""
    return strongest(counts(account))


def with_email_only(accounts: Collection[UUID]) -> set[UUID]:
    """Which of them have nothing but e-mail to verify with, and so cannot decide (S-2). Three statements for any number."""
    held: set[UUID] = set()
    for rows in (
        Passkey.objects.all(),
        Authenticator.objects.filter(confirmed_at__isnull=False),
        PhoneFactor.objects.filter(confirmed_at__isnull=False),
    ):
        held.update(rows.filter(account__in=accounts).values_list("account_id", flat=True))
    return set(accounts) - held


def usable_kinds(account: Account) -> list[FactorKind]:
    """What the second step can be taken with here and now, the strongest first; spent codes and absent channels aside."""
    held = {*counts(account), FactorKind.EMAIL} - (PHONES - offered_kinds())
    if not recovery_codes_left(account):
        held.discard(FactorKind.RECOVERY)
    if not takes_email(account):
        held.discard(FactorKind.EMAIL)
    return [kind for kind in OFFERED if kind in held]


def takes_email(account: Account) -> bool:
    """Whether a code by e-mail is a second step for this account; asks the database under "strict" only (S-2)."""
    may_be_email_only = settings.PROFILE.email_only_after_first_sign_in
    return may_be_email_only or email_verifies(held_kinds(account), may_be_email_only=False)


def offered_kinds() -> set[FactorKind]:
    """The kinds that this deployment has a way for: texts and calls need a provider (N-3)."""
    channels = offered_channels()
    return {kind for kind in FactorKind if kind not in PHONES or kind.value in channels}


def confirmed_authenticators(account: Account) -> list[Authenticator]:
    return _confirmed(account=account.pk)


def authenticator(account: Account, identifier: UUID) -> Authenticator | None:
    """One of the account's own authenticators, confirmed or being added; None for anybody else's."""
    return Authenticator.objects.filter(account=account, pk=identifier).first()


def passkeys(account: Account) -> list[Passkey]:
    return list(Passkey.objects.filter(account=account).order_by("added_at"))


def device(account: Account, identifier: UUID) -> Device | None:
    """One of the account's own devices of any kind, confirmed or being added; None for anybody else's."""
    for model in DEVICE_MODELS:
        found = model.objects.filter(account=account, pk=identifier).first()
        if found:
            return found
    return None


def secret_of(row: Authenticator) -> str:
    """The shared secret in base32, opened."""
    return vault.unseal(row.secret_sealed, place=SECRET_PLACE, row=str(row.pk))


def codes_of(sheet: RecoverySheet) -> list[str]:
    """The codes of a sheet that does not count yet, as they are printed; none afterwards."""
    if not sheet.codes_sealed:
        return []
    return vault.unseal(sheet.codes_sealed, place=SHEET_PLACE, row=str(sheet.pk)).split()


def counting_sheet(account: Account) -> RecoverySheet | None:
    return RecoverySheet.objects.filter(account=account, confirmed_at__isnull=False).first()


def recovery_codes_left(account: Account) -> int:
    """How many recovery codes the account can still use."""
    unused = RecoveryCode.objects.filter(sheet__account=account, used_at=None)
    return unused.filter(sheet__confirmed_at__isnull=False).count()


def phone(account: Account, kind: FactorKind) -> PhoneFactor | None:
    """The account's confirmed phone for texts or for calls."""
    rows = PhoneFactor.objects.filter(account=account, way=kind, confirmed_at__isnull=False)
    return rows.first() if kind in PHONES else None


def code_address(account: Account, kind: FactorKind) -> str:
    """Where a code of that kind goes; "" when it is not enrolled. For calls "3015550123;ext=12"."""
    if kind is FactorKind.EMAIL:
        return account.email
    row = phone(account, kind)
    return row.address if row else ""


def known_channels(account: Account, *, now: datetime | None = None) -> list[tuple[str, str]]:
    """(channel, address) of every mailbox and phone to announce a change to, each once.

    With `now` also the mailbox before an e-mail change, while it still counts (R-9). The primary phone only where it
    takes texts and this deployment sends them.
    """
    mailboxes = recovery_emails(account, now=now) if now else [account.email]
    found = [("email", address) for address in mailboxes if address]
    offered = offered_channels()
    rows = PhoneFactor.objects.filter(account=account, confirmed_at__isnull=False).order_by("way")
    found += [(row.way, row.address) for row in rows if row.way in offered and row.number]
    if account.text_capable and account.phone and "sms" in offered:
        found.append(("sms", account.phone))
    return list(dict.fromkeys(found))


def live_code(session: Session, kind: FactorKind = FactorKind.EMAIL) -> OneTimeCode | None:
    """The code that this browser session waits for over that channel, whether or not it is still good."""
    return OneTimeCode.objects.filter(session=session, state=CodeState.LIVE, channel=kind).first()


def masked_number(row: PhoneFactor) -> str:
    """Enough of the number to know which phone to look at; "" for one that was spoiled (S-9)."""
    if not row.number:
        return ""
    ending = f"••• ••• {row.number[-4:]}"
    return f"{ending}, {row.extension}" if row.extension else ending
