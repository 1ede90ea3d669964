"""A notice that did not arrive is sent once more (N-2)."""

from datetime import datetime

from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox import undelivered
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms.actions.desk import demand_live_session
from bailiwick.spot.rules.deciding import Desk
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.notices import Refusal


def try_notice_again(*, number: int, desk: Desk, by: By, now: datetime) -> None:
    """Put a notice back among what is sent.

    Raises Refused: NOTHING_TO_TRY for a code, one that is too old, or one that is tried already; NOT_OF_THE_DESK,
    VERIFIED_TOO_LONG_AGO of `rules.deciding`.
    """
    with transaction.atomic():
        demand_live_session(desk, now)
        message = undelivered.try_again(number, now=now)
        if message is None:
            raise Refused(Refusal.NOTHING_TO_TRY)
        about = {"message": number, "kind": message.kind}
        append(Deed.NOTICE_TRIED_AGAIN, by=by, now=now, about=about)
