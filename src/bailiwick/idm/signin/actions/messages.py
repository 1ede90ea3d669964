"""Sending what a way back in sends, so that its cost does not tell whether it was sent (P-7, P-8, AX22)."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from bailiwick.ground.outbox.actions import notice
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import recovery_emails
from bailiwick.idm.rules.factors import PHONES, FactorKind, code_life
from bailiwick.idm.signin import held
from bailiwick.idm.signin.models import LadderCode

NOBODY = "nobody@nowhere.invalid"
NOTICES = {
    FactorKind.EMAIL: "recovery_code",
    FactorKind.SMS: "recovery_text",
    FactorKind.VOICE: "recovery_call",
}


def send_recovery_code(
    person: Account, code: LadderCode, number: str, *, is_real: bool, now: datetime
) -> None:
    """To the channel's address where there is one. Where there is none a message is written and taken back."""
    kind = FactorKind(code.channel)
    addresses = _addresses(person, kind, now)
    minutes = int(code_life(kind, settings.LIMITS).total_seconds() // 60)
    context = {"code": number, "digits": " ".join(number), "minutes": minutes, "goal": code.recovery.goal}
    for place, address in enumerate(addresses or [NOBODY]):
        with_or_without(
            NOTICES[kind],
            to=address,
            key=f"recovery-code:{code.pk}:{place}",
            channel=kind.value,
            context=context,
            language=person.language,
            secret=True,
            is_sent=is_real and bool(addresses),
            now=now,
        )


def _addresses(person: Account, kind: FactorKind, now: datetime) -> list[str]:
    if kind is FactorKind.EMAIL:
        # The last named is the oldest that still counts: whoever moved the mailbox today gets no code there.
        return recovery_emails(person, now=now)[-1:]
    address = held.code_address(person, kind)
    return [address] if address and kind in PHONES & held.offered_kinds() else []


def mail_user_ids(people: Iterable[Account], *, now: datetime) -> None:
    """One mail naming the user IDs, to the mailbox on file; nobody's is written and taken back (P-8)."""
    found = list(people)
    to = found[0] if found else Account(email=NOBODY, language="en")
    with_or_without(
        "user_id_forgotten",
        to=to.email,
        # The same key twice is one message: asked for again within the hour, nothing more is sent.
        key=f"user-id-forgotten:{to.pk}:{now:%Y%m%d%H}",
        channel="email",
        context={"user_ids": [account.user_id for account in found]},
        language=to.language,
        secret=False,
        is_sent=bool(found),
        now=now,
    )


def with_or_without(
    name: str,
    *,
    to: str,
    key: str,
    channel: str,
    context: dict[str, object],
    language: str,
    secret: bool,
    is_sent: bool,
    now: datetime,
) -> None:
    """Write the message, and keep it or take it back: one statement either way."""
    mark = transaction.savepoint()
    notice(
        name,
        to=to,
        key=key,
        now=now,
        channel=channel,
        context=context,
        language=language,
        secret=secret,
    )
    (transaction.savepoint_commit if is_sent else transaction.savepoint_rollback)(mark)
