"""Who waits for the payer to answer (F-6)."""

from datetime import datetime

from bailiwick.spot.forms.waits import PayerWait
from bailiwick.spot.rules.filechecks import WAITS_IN, Waiter

MOST_AT_A_TIME = 500


def payer_waits() -> list[PayerWait]:
    """Those who wait, the longest first; no more than one round asks about."""
    rows = PayerWait.objects.filter(ended_at=None).select_related("case")
    return list(rows.order_by("since", "pk")[:MOST_AT_A_TIME])


def still_waits(wait: PayerWait, now: datetime) -> bool:
    """Whether the payer's answer would still be news to them."""
    return wait.case.state_at(now) in WAITS_IN[Waiter(wait.who)]
