"""The only writer of providers, affiliations and remittance routes (E-1 to E-5).

The provider's row is locked first, so of any number of simultaneous changes each sees the ones before it; the database
holds the law once more (E-2).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils import timezone

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.outbox.actions import notice
from bailiwick.ground.rulings import No, Refused, Yes
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules import services as rules
from bailiwick.spot.rules.deeds import Deed
from bailiwick.spot.rules.enrollment import Status
from bailiwick.spot.rules.services import Pair, Refusal, Route, Service
from bailiwick.spot.services import listing, losses, queries
from bailiwick.spot.services.listing import Listed
from bailiwick.spot.services.models import Affiliation, EraRoute, Provider


def affiliate(
    *,
    record: EnrollmentRecord,
    pair: Pair,
    name: str,
    state: str,
    services: frozenset[Service],
    is_own: bool,
    on: date,
    has_pc_ace: bool = False,
    tracking: str = "",
    by: By,
    now: datetime,
) -> Affiliation:
    """Serve this provider from that day; again with other services, or PC-ACE, adds them and drops none (E-1, E-3, E-4)."""
    with transaction.atomic():
        known = {"name": name, "state": state}
        provider, _ = Provider.objects.get_or_create(**asdict(pair), defaults=known)
        held = _locked(provider)
        found = Affiliation.objects.filter(record=record, provider=held, ends_on=None).first()
        row = found or Affiliation(
            record=record,
            provider=held,
            provider_name=held.name,
            starts_on=on,
            tracking=tracking,
            added_at=now,
        )
        before = (row.is_own, row.sends_claims, row.asks_status, row.pc_ace_on)
        row.is_own |= is_own
        row.sends_claims |= Service.CLAIMS in services
        row.asks_status |= Service.STATUS in services
        row.pc_ace_on = row.pc_ace_on or (on if has_pc_ace else None)
        if found and before == (row.is_own, row.sends_claims, row.asks_status, row.pc_ace_on):
            return found
        row.save()
        _note(Deed.SERVICE_BEGUN, held, record, by=by, now=now, tracking=tracking, services=services)
    return row


def hold(lines: Sequence[Listed]) -> None:
    """Lock these providers until the transaction ends, in the order in which everybody locks several."""
    listing.locked_providers(lines)


@dataclass(frozen=True)
class Served:
    """What came of a list: providers served, remittances that come here now, and those that go on going elsewhere."""

    providers: int
    era_assigned: int
    era_left: int


def affiliate_many(
    *,
    record: EnrollmentRecord,
    lines: Sequence[Listed],
    is_own: bool,
    is_providers: bool,
    on: date,
    tracking: str,
    by: By,
    now: datetime,
) -> Served:
    """Serve every provider of a list from that day (E-1). `is_providers`: their own official signed it, not a third party's.

    Whose remittance comes along is said by `rules.comes_by_list`: anybody else's moves with their own form (E-2).
    """
    with transaction.atomic():
        providers = listing.locked_providers(lines)
        wanted = [providers[one.pair] for one in lines if one.moves_era]
        listing.serve(record, lines, providers, is_own=is_own, on=on, tracking=tracking, now=now)
        lasting = listing.lasting_routes(wanted, on=on)
        new = [one for one in wanted if one.pk not in lasting or _may_come(lasting[one.pk], record, on, now)]
        come = partial(rules.comes_by_list, is_own=is_own, is_providers=is_providers)
        pairs = [] if is_providers else [one.pair for one in new]
        known = queries.pairs_known(pairs, but=record.submitter_id)
        coming = [one for one in new if come(is_received=one.pk in lasting, is_known=one.pair in known)]
        lost = [route for one in coming for route in lasting.get(one.pk, ())]
        listing.end_routes(lost, on=on, by=by, now=now)
        listing.begin_routes(coming, record, on=on, tracking=tracking, by=by, now=now)
        losses.note_list(lost, receiver=record, on=on, tracking=tracking, by=by, now=now)
        done = Served(len(lines), len(coming), len(new) - len(coming))
        about = {"tracking": tracking, **asdict(done)}
        append(Deed.SERVICE_LIST_BEGUN, by=by, now=now, organization=record.submitter_id, about=about)
    return done


def _may_come(lasting: Sequence[EraRoute], receiver: EnrollmentRecord, on: date, now: datetime) -> bool:
    """Whether the remittance that lasts on these routes does not come to the receiver already. Raises as `route_era`."""
    present = rules.route_on([one.route for one in lasting], on)
    ruling = _may_route(present, receiver, on=on, now=now)
    if isinstance(ruling, No) and ruling.because is not Refusal.RECEIVER_ALREADY:
        ruling.raise_it()
    return bool(ruling)


def end_service(
    *, record: EnrollmentRecord, pair: Pair, on: date, tracking: str, by: By, now: datetime
) -> Affiliation:
    """The submitter serves this provider no longer, from that day on; remittance to it goes on paper. Raises PAIR_UNKNOWN."""
    with transaction.atomic():
        provider = queries.provider_of(pair)
        held = _locked(provider) if provider else None
        row = Affiliation.objects.filter(record=record, provider=held, ends_on=None).first() if held else None
        if held is None or row is None:
            raise Refused(Refusal.PAIR_UNKNOWN)
        _end_row(row, held, on, by=by, now=now)
        _note(Deed.SERVICE_ENDED, held, record, by=by, now=now, on=on, tracking=tracking)
    return row


def route_era(
    *,
    provider: Provider,
    receiver: EnrollmentRecord | None,
    on: date,
    seen: EraRoute | None,
    tracking: str = "",
    by: By,
    now: datetime,
) -> EraRoute | None:
    """Send the provider's remittance to `receiver` (None: paper) from that day on; returns the new route (E-2).

    `seen`: the route that whoever decided saw as present on that day. Whoever loses it is told, in the same transaction.
    Raises Refused: CHANGED_SINCE_SEEN, RECEIVER_ALREADY, RECEIVER_CLOSED, DAY_PASSED.
    """
    with transaction.atomic():
        held = _locked(provider)
        present = queries.route_on(held, on)
        if (present and present.pk) != (seen and seen.pk):
            raise Refused(Refusal.CHANGED_SINCE_SEEN)
        ruling = _may_route(present.route if present else None, receiver, on=on, now=now)
        if isinstance(ruling, No):
            ruling.raise_it()
        _close_routes(held, on, by=by, now=now)
        route = receiver and EraRoute.objects.create(
            provider=held,
            receiver=receiver,
            starts_on=on,
            tracking=tracking,
            routed_at=now,
            routed_by=by.actor,
            routed_as=by.capacity,
        )
        _note(Deed.ERA_ROUTED, held, receiver, by=by, now=now, tracking=tracking, on=on)
        if present is not None:
            losses.tell(present, on=on, now=now)
    return route


def _may_route(
    present: Route | None, receiver: EnrollmentRecord | None, *, on: date, now: datetime
) -> Yes | No:
    is_active = receiver is not None and receiver.status == Status.ACTIVE
    wanted, today = receiver.submitter_id if receiver else "", timezone.localdate(now)
    return rules.may_route(present, wanted, is_receiver_active=is_active, on=on, today=today)


def end_mandate(
    *, affiliation: Affiliation, ender: EnrollmentRecord, on: date, by: By, now: datetime
) -> Affiliation:
    """A provider ends what a third party does for it, the remittance too, from that day on (E-5).

    Raises Refused: NOT_YOURS, ENDED_ALREADY, DAY_PASSED.
    """
    if on < timezone.localdate(now):
        raise Refused(Refusal.DAY_PASSED)
    with transaction.atomic():
        held = _locked(affiliation.provider)
        row = Affiliation.objects.select_related("record").get(pk=affiliation.pk)
        if row.is_own or not queries.is_own_provider(ender, held):
            raise Refused(Refusal.NOT_YOURS)
        if row.ends_on is not None:
            raise Refused(Refusal.ENDED_ALREADY)
        _end_row(row, held, on, by=by, now=now)
        _note(Deed.SERVICE_ENDED, held, row.record, by=by, now=now, on=on)
        _tell_ended(row, now)
    return row


def _end_row(row: Affiliation, provider: Provider, on: date, *, by: By, now: datetime) -> None:
    """End what the submitter does for the provider, the remittance too."""
    _close(row, on, by=by, now=now)
    for route in EraRoute.objects.filter(provider=provider, receiver=row.record, ends_on=None):
        _close(route, on, by=by, now=now)


def _locked(provider: Provider) -> Provider:
    return Provider.objects.select_for_update().get(pk=provider.pk)


def _close_routes(provider: Provider, on: date, *, by: By, now: datetime) -> None:
    """What lasts beyond that day ends there; what was planned after it never begins."""
    for route in EraRoute.objects.filter(provider=provider).select_related("receiver"):
        if rules.ended(route.route, on) != route.route:
            _close(route, on, by=by, now=now)


def _close(row: Affiliation | EraRoute, on: date, *, by: By, now: datetime) -> None:
    row.ends_on, row.ended_at = max(row.starts_on, on), now
    row.ended_by, row.ended_as = by.actor, by.capacity
    row.save(update_fields=["ends_on", "ended_at", "ended_by", "ended_as"])


def _note(
    deed: Deed, provider: Provider, record: EnrollmentRecord | None, *, by: By, now: datetime, **about: object
) -> None:
    told = {
        name: sorted(value) if isinstance(value, frozenset) else str(value) for name, value in about.items()
    }
    organization = record.submitter_id if record else ""
    append(deed, by=by, now=now, organization=organization, about={"provider": str(provider.pk), **told})


def _tell_ended(row: Affiliation, now: datetime) -> None:
    notice(
        "mandate-ended",
        to=row.record.approver_email,
        key=f"mandate:{row.pk}:ended",
        now=now,
        context={"provider": row.provider, "submitter": row.record, "on": row.ends_on},
    )
