"""Serving many providers at once, set by set: what a signed list asks for (E-1, E-2, F-4). Called by `actions` alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules.services import Pair, Service
from bailiwick.spot.services.models import Affiliation, EraRoute, Provider

AT_A_TIME = 400
Each = TypeVar("Each")


@dataclass(frozen=True)
class Listed:
    """One line: the provider, and what is to be done for it."""

    pair: Pair
    name: str
    state: str
    services: frozenset[Service]
    moves_era: bool


def locked_providers(lines: Sequence[Listed]) -> dict[Pair, Provider]:
    """The providers of the lines, each under lock, those made that were not known."""
    found: dict[Pair, Provider] = {}
    # One order for everybody: two lists that share providers wait for each other, and never both.
    for some in _in_sets(sorted(lines, key=lambda one: (one.pair.ptan, one.pair.npi))):
        Provider.objects.bulk_create(
            [
                Provider(
                    ptan=one.pair.ptan,
                    npi=one.pair.npi,
                    line_of_business=one.pair.line_of_business,
                    name=one.name,
                    state=one.state,
                )
                for one in some
            ],
            ignore_conflicts=True,
        )
        wanted = {one.pair for one in some}
        rows = Provider.objects.select_for_update().filter(
            ptan__in={pair.ptan for pair in wanted}, npi__in={pair.npi for pair in wanted}
        )
        found |= {row.pair: row for row in rows.order_by("ptan", "npi") if row.pair in wanted}
    return found


def serve(
    record: EnrollmentRecord,
    lines: Sequence[Listed],
    providers: dict[Pair, Provider],
    *,
    is_own: bool,
    on: date,
    tracking: str,
    now: datetime,
) -> None:
    """One affiliation a line; where there is one already, its services are added to (E-3)."""
    for some in _in_sets(lines):
        ids = [providers[one.pair].pk for one in some]
        present = Affiliation.objects.filter(record=record, provider__in=ids, ends_on=None)
        known = {row.provider_id: row for row in present}
        rows = []
        for one in some:
            provider = providers[one.pair]
            row = known.get(provider.pk) or Affiliation(
                record=record, provider=provider, starts_on=on, tracking=tracking, added_at=now
            )
            row.is_own |= is_own
            row.sends_claims |= Service.CLAIMS in one.services
            row.asks_status |= Service.STATUS in one.services
            rows.append(row)
        Affiliation.objects.bulk_create([row for row in rows if row.provider_id not in known])
        old = [row for row in rows if row.provider_id in known]
        Affiliation.objects.bulk_update(old, ["is_own", "sends_claims", "asks_status"])


def routed(providers: Sequence[Provider], *, on: date) -> dict[object, EraRoute]:
    """The newest of the routes that last on that day or begin after it, by provider."""
    found: dict[object, EraRoute] = {}
    for some in _in_sets(providers):
        routes = EraRoute.objects.filter(provider__in=[one.pk for one in some]).select_related("receiver")
        for route in routes.order_by("starts_on"):
            if route.ends_on is None or route.ends_on > on:
                found.setdefault(route.provider_id, route)
    return found


def begin_routes(
    providers: Sequence[Provider],
    receiver: EnrollmentRecord,
    *,
    on: date,
    tracking: str,
    by: str,
    now: datetime,
) -> None:
    """The remittance of providers who get theirs on paper goes to `receiver`."""
    EraRoute.objects.bulk_create(
        [
            EraRoute(
                provider=one, receiver=receiver, starts_on=on, tracking=tracking, routed_at=now, routed_by=by
            )
            for one in providers
        ],
        batch_size=AT_A_TIME,
    )


def _in_sets(everything: Sequence[Each]) -> Iterator[Sequence[Each]]:
    for start in range(0, len(everything), AT_A_TIME):
        yield everything[start : start + AT_A_TIME]
