"""Asking the payer. Which adapter is asked is a setting; who asks does not know."""

from django.conf import settings

from bailiwick.spot.payers.port import Outcome, Payer


def payer() -> Payer:
    """The payer of this deployment."""
    chosen: Payer = settings.PAYER
    return chosen


def find(*, ptan: str, npi: str, tin: str) -> Outcome:
    """What is on file under these three (F-6). May take as long as a network: never call it inside a transaction."""
    return payer().find(ptan=ptan, npi=npi, tin=tin)
