"""Builders: providers, whom they are served by, and days."""

from datetime import date, timedelta

from django.utils import timezone

from bailiwick.ground.ledger import By
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules.services import Pair, Service
from bailiwick.spot.services import actions
from bailiwick.spot.services.models import EraRoute, Provider
from tests.spot.build_enrollment import enrolled

BY = By("command")
PELICAN = Pair("PC2041", "1900410006", "B")


def today() -> date:
    return timezone.localdate(clock.now())


def days(number: int) -> date:
    return today() + timedelta(days=number)


def office(**changes: str) -> EnrollmentRecord:
    return enrolled(**{"legal_name": "Pelican Cove Dermatology", **changes})


def billing_service(number: int = 1) -> EnrollmentRecord:
    return enrolled(
        legal_name=f"Gulf Breeze Billing {number} LLC", kind="billing_service", tin=f"90045{number:04d}"
    )


def served(
    record: EnrollmentRecord, *, pair: Pair = PELICAN, is_own: bool = False, on: date | None = None
) -> Provider:
    """The provider, served by that organization with claims."""
    row = actions.affiliate(
        record=record,
        pair=pair,
        name="Pelican Cove Dermatology",
        state="FL",
        services=frozenset({Service.CLAIMS}),
        is_own=is_own,
        on=on or today(),
        by=BY,
        now=clock.now(),
    )
    return row.provider


def routed(
    provider: Provider, receiver: EnrollmentRecord | None, *, on: date, seen: EraRoute | None = None
) -> EraRoute | None:
    return actions.route_era(provider=provider, receiver=receiver, on=on, seen=seen, by=BY, now=clock.now())
