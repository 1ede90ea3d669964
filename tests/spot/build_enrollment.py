"""Builders: enrollment records."""

from typing import Any

from bailiwick.ground.ledger import By
from bailiwick.ground.outbox.delivery import deliver_due
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment import actions
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.enrollment.vendors import provisioning

BY = By("command")


def document(**changes: Any) -> dict[str, Any]:
    """A record as an operator writes it; the TIN is never-issued."""
    return {
        "legal_name": "Harborview Family Practice",
        "kind": "provider_office",
        "tin": "000123456",
        "tin_tag": "ein",
        "address": "1 Example Street",
        "phone": "8135550100",
        "city": "Tampa",
        "state": "FL",
        "zip": "33601",
        "approver": {"name": "Ada Example", "email": "ada@harborview.example", "phone": "8135550101"},
        **changes,
    }


def enrolled(**changes: Any) -> EnrollmentRecord:
    return actions.enroll(document=document(**changes), by=BY, now=clock.now())


def deliver_until_quiet() -> int:
    """Let the worker take up what is due; returns how many messages it took."""
    doors = {f"call:{provisioning.KIND}": provisioning.deliver}
    count = 0
    while done := deliver_due(clock.now(), channels=doors, clock=clock.now):
        count += done
    return count
