"""Asking the payer. Which adapter is asked is a setting; who asks does not know."""

from collections.abc import Sequence

from django.conf import settings

from bailiwick.spot.payers.port import Match, NoMatch, Numbers, Outcome, Payer, Unavailable


def payer() -> Payer:
    """The payer of this deployment."""
    chosen: Payer = settings.PAYER
    return chosen


def find(*, ptan: str, npi: str, tin: str) -> Outcome:
    """What is on file under these three (F-6). May take as long as a network: never call it inside a transaction."""
    found = find_all([Numbers(ptan, npi, tin)])
    return found if isinstance(found, Unavailable) else found[0]


def find_all(asked: Sequence[Numbers]) -> list[Match | NoMatch] | Unavailable:
    """What is on file under each of them, in their order; or nothing at all. Outside any transaction, as `find`."""
    return payer().find_all(asked)


def is_away() -> bool:
    """Whether the payer would give no answer now, as far as is known without asking it."""
    return payer().is_away
