"""Asking whether typed facts are on file together: PTAN, NPI and TIN at the payer (F-6), a submitter ID and its name (F-5).

An answer never says which part is wrong, and asking is rationed: a question counts before it is asked.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.spot.rules.forms import Refusal, State
from bailiwick.spot.rules.limits import Limits

HOUR = timedelta(hours=1)


class Matter(StrEnum):
    """What is asked about. Two pairs of submitter ID and name: the form's own, and the receiver of the remittance."""

    PAYER = "payer"
    PAIR = "pair"
    RECEIVER = "receiver"


class Outcome(StrEnum):
    """`asked` is a question whose answer never came back: it counts as a try."""

    ASKED = "asked"
    MATCH = "match"
    NO_MATCH = "no_match"
    UNAVAILABLE = "unavailable"


class Waiter(StrEnum):
    """Who can do nothing while the payer is away: the contact checks the numbers, the official signs."""

    CONTACT = "contact"
    OFFICIAL = "official"


WAITS_IN = {
    Waiter.CONTACT: frozenset({State.DRAFT, State.RETURNED, State.AWAITING_SIGNATURE}),
    Waiter.OFFICIAL: frozenset({State.AWAITING_SIGNATURE}),
}
# What a person can do nothing about uses nothing up.
COUNTS_AS_A_TRY = frozenset(Outcome) - {Outcome.UNAVAILABLE}


def news_for(who: Waiter, outcome: Outcome | None) -> str:
    """The notice to somebody who waited, "" for none: an official can sign now; a contact only hears what is to be corrected."""
    if outcome in (None, Outcome.UNAVAILABLE):
        return ""
    if who is Waiter.OFFICIAL:
        return "form-payer-answers"
    return "form-payer-no-match" if outcome is Outcome.NO_MATCH else ""


def counted_from(matter: Matter, *, now: datetime, today: datetime) -> datetime:
    """Since when tries count: the payer's since the day began (`today`), a pair's within the last hour."""
    return today if matter is Matter.PAYER else now - HOUR


def may_ask(matter: Matter, tries: int, limits: Limits) -> Yes | No:
    """Ten questions a day to the payer per case, five an hour about a pair. [F-5, F-6]"""
    if matter is Matter.PAYER:
        most, refusal = limits.payer_checks_a_day, Refusal.PAYER_CHECKS_USED_UP
    else:
        most, refusal = limits.pair_checks_an_hour, Refusal.PAIR_CHECKS_USED_UP
    return Yes() if tries < most else No(refusal, {"times": most})
