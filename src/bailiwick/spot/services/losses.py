"""Telling whoever loses a remittance, and writing down what a list took from whom (E-2, F-8, N-1). Called by `actions` alone."""

from collections.abc import Sequence
from datetime import date, datetime

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.services.models import EraRoute, Provider

MOST_NAMED = 50


def tell(route: EraRoute, *, on: date, now: datetime) -> None:
    """The approver of record of whoever got the remittance until then."""
    notice(
        "era-moved",
        to=route.receiver.approver_email,
        key=f"era:{route.pk}:moved:{on.isoformat()}",
        now=now,
        context={"provider": route.provider, "receiver": route.receiver, "on": on},
    )


def note_list(
    lost: Sequence[EraRoute], *, receiver: EnrollmentRecord, on: date, tracking: str, by: By, now: datetime
) -> None:
    """One entry and one mail for each organization that loses by a list, however many remittances it loses.

    The routes themselves keep form, day and doer, provider by provider.
    """
    for loser, providers in _by_loser(lost).items():
        if loser == receiver:
            continue
        about = {"tracking": tracking, "from": loser.submitter_id, "providers": len(providers), "on": str(on)}
        append(Deed.ERA_LIST_ROUTED, by=by, now=now, organization=receiver.submitter_id, about=about)
        notice(
            "era-moved-by-list",
            to=loser.approver_email,
            key=f"era-list:{tracking}:{receiver.pk}:{loser.pk}:{on.isoformat()}",
            now=now,
            context={
                "providers": providers[:MOST_NAMED],
                "count": len(providers),
                "more": max(0, len(providers) - MOST_NAMED),
                "receiver": loser,
                "on": on,
            },
        )


def _by_loser(lost: Sequence[EraRoute]) -> dict[EnrollmentRecord, list[Provider]]:
    """The providers whose remittance each organization loses, each once, by name."""
    found: dict[EnrollmentRecord, dict[object, Provider]] = {}
    for route in lost:
        found.setdefault(route.receiver, {})[route.provider_id] = route.provider
    return {
        loser: sorted(providers.values(), key=lambda one: (one.name, one.npi))
        for loser, providers in found.items()
    }
