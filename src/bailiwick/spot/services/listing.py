"""Serving many providers at once, set by set: what a signed list asks for (E-1, E-2, F-4). Called by `actions` alone."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db.models import F

from bailiwick.ground.rulings import By
from bailiwick.ground.statements import Insert, InsertOnce
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules.services import Pair, Service, ended
from bailiwick.spot.services.models import Affiliation, EraRoute, Provider

AT_A_TIME = 400
Each = TypeVar("Each")

_add_providers, _add_affiliations, _add_routes = InsertOnce(Provider), Insert(Affiliation), Insert(EraRoute)


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
    for some in _in_sets(sorted(lines, key=lambda one: astuple(one.pair))):
        _add_providers.rows(Provider(**asdict(one.pair), name=one.name, state=one.state) for one in some)
        wanted = {one.pair for one in some}
        rows = Provider.objects.select_for_update().filter(
            ptan__in={pair.ptan for pair in wanted}, npi__in={pair.npi for pair in wanted}
        )
        ordered = rows.order_by("ptan", "npi", "line_of_business")
        found |= {row.pair: row for row in ordered if row.pair in wanted}
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
        ids = {one.pair: providers[one.pair].pk for one in some}
        names = {one.pk: one.name for one in map(providers.get, ids)}
        present = Affiliation.objects.filter(record=record, provider__in=ids.values(), ends_on=None)
        known = set(present.values_list("provider_id", flat=True))
        claims = {ids[one.pair] for one in some if Service.CLAIMS in one.services}
        status = {ids[one.pair] for one in some if Service.STATUS in one.services}
        if known:
            present.filter(provider__in=known & claims).update(sends_claims=True)
            present.filter(provider__in=known & status).update(asks_status=True)
            present.filter(is_own=False).update(is_own=is_own)
        _add_affiliations.rows(
            Affiliation(
                record=record,
                provider_id=provider,
                provider_name=names[provider],
                is_own=is_own,
                sends_claims=provider in claims,
                asks_status=provider in status,
                starts_on=on,
                tracking=tracking,
                added_at=now,
            )
            for provider in ids.values()
            if provider not in known
        )


def lasting_routes(providers: Sequence[Provider], *, on: date) -> dict[object, list[EraRoute]]:
    """The routes that last on that day or begin after it, by provider, the earliest first."""
    found: dict[object, list[EraRoute]] = {}
    for some in _in_sets(providers):
        rows = EraRoute.objects.filter(provider__in=[one.pk for one in some])
        for route in rows.select_related("receiver", "provider").order_by("starts_on"):
            if ended(route.route, on) != route.route:
                found.setdefault(route.provider_id, []).append(route)
    return found


def end_routes(routes: Sequence[EraRoute], *, on: date, by: By, now: datetime) -> None:
    """They end that day; what was planned after it never begins."""
    ended = {"ended_at": now, "ended_by": by.actor, "ended_as": by.capacity}
    for some in _in_sets(routes):
        rows = EraRoute.objects.filter(pk__in=[one.pk for one in some])
        rows.filter(starts_on__gt=on).update(ends_on=F("starts_on"), **ended)
        rows.filter(starts_on__lte=on).update(ends_on=on, **ended)


def begin_routes(
    providers: Sequence[Provider],
    receiver: EnrollmentRecord,
    *,
    on: date,
    tracking: str,
    by: By,
    now: datetime,
) -> None:
    """From that day on, the remittance of these providers goes to `receiver`; where it went until then has ended."""
    _add_routes.rows(
        EraRoute(
            provider=one,
            receiver=receiver,
            starts_on=on,
            tracking=tracking,
            routed_at=now,
            routed_by=by.actor,
            routed_as=by.capacity,
        )
        for one in providers
    )


def _in_sets(everything: Sequence[Each]) -> Iterator[Sequence[Each]]:
    for start in range(0, len(everything), AT_A_TIME):
        yield everything[start : start + AT_A_TIME]
