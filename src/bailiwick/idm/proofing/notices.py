"""Telling the person what came of an attempt, in the transaction that stores it. (V-7, N-1)

To the account's e-mail address; the letter to the home address is a channel of its own and not built yet.
"""

from datetime import datetime

from bailiwick.ground.outbox.actions import notice
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.proofing.models import Attempt, AttemptOutcome

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
    )
