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
    """For whom the payer is asked again: the contact checks the numbers, the official signs, those on a signed list hear of it.

    These last at the mailbox that the payer has on file (F-8).
    """

    CONTACT = "contact"
    OFFICIAL = "official"
    LISTED = "listed"


WAITS_IN = {
    Waiter.CONTACT: frozenset({State.DRAFT, State.RETURNED, State.AWAITING_SIGNATURE}),
    Waiter.OFFICIAL: frozenset({State.AWAITING_SIGNATURE}),
    Waiter.LISTED: frozenset({State.SUBMITTED, State.IN_REVIEW, State.APPROVED}),
}
# What a person can do nothing about uses nothing up.
COUNTS_AS_A_TRY = frozenset(Outcome) - {Outcome.UNAVAILABLE}


def news_for(who: Waiter, outcome: Outcome | None) -> str:
    """The notice to somebody who waited, "" for none: an official can sign now; a contact only hears what is to be corrected.

    Whom a list names is told of the list itself (`actions/listed.py`).
    """
    if outcome in (None, Outcome.UNAVAILABLE) or who is Waiter.LISTED:
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
