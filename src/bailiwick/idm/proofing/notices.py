"""Telling the person what came of an attempt or a case by hand, in the transaction that stores it. (V-7, N-1)

By mail to the account's e-mail address; of a success, a letter goes to the home address of record, too.
"""

from datetime import datetime

from bailiwick.ground.outbox.actions import notice
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name, personal_facts
from bailiwick.idm.proofing.models import Attempt, AttemptOutcome, Manual
from bailiwick.idm.rules.manual import State

# Of a void claim `accounts` tells, which voids it.
NOTICE_OF = {
    AttemptOutcome.VERIFIED: "identity-verified",
    AttemptOutcome.CALL: "identity-call",
    AttemptOutcome.NOT_VERIFIED: "identity-help-desk",
}


def tell(attempt: Attempt, *, account: Account, now: datetime) -> None:
    """Write the notice of an answered attempt; a stale answer concerns nobody."""
    name = NOTICE_OF.get(AttemptOutcome(attempt.outcome))
    if name is None:
        return
    case = attempt.case
    notice(
        name,
        to=account.email,
        key=f"proofing:{attempt.vendor_request_id}:{name}",
        now=now,
        context={
            "name": full_name(account),
            "at": now,
            "reference": case.reference,
            "reference_expires_at": case.reference_expires_at,
            "call_number": case.call_number,
        },
        language=account.language,
        inbox=str(account.pk),
    )
    if attempt.outcome == AttemptOutcome.VERIFIED:
        send_letter(account, key=f"proofing:{attempt.vendor_request_id}:letter", now=now)


def tell_of_manual(name: str, manual: Manual, *, now: datetime) -> None:
    """The notice of a step of a case by hand; of a success, the letter too."""
    account = manual.account
    notice(
        name,
        to=account.email,
        key=f"manual:{manual.pk}:{name}:{now.isoformat()}",
        now=now,
        context={"name": full_name(account), "at": now, "number": manual.number},
        language=account.language,
        inbox=str(account.pk),
    )
    if manual.state == State.VERIFIED:
        send_letter(account, key=f"manual:{manual.pk}:letter", now=now)


def send_letter(account: Account, *, key: str, now: datetime) -> None:
    """The notice of a success to the address of record, on paper: whoever used a stolen name does not get it (V-7).

    The address stands in the sealed body alone, which is wiped once the letter was handed over.
    """
    facts = personal_facts(account)
    home = facts.address
    place = f"{home.city}, {home.state} {home.zip}"
    lines = [full_name(account), home.line_1, home.line_2, place, "" if home.is_us else home.country]
    notice(
        "identity-verified-letter",
        to=str(account.pk),
        key=key,
        now=now,
        context={"name": full_name(account), "address": [line for line in lines if line], "at": now},
        channel="letter",
        secret=True,
        language=account.language,
    )
