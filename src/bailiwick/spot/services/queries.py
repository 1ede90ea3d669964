"""Reading services: who serves a provider, where its remittance goes, what a change would take from whom."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules.services import Pair, ended
from bailiwick.spot.services.models import Affiliation, EraRoute, Provider

AT_A_TIME = 400


@dataclass(frozen=True)
class Served:
    """One provider that a submitter serves, as My IDM Account shows it (M-1). `receiver`: None is paper."""

    affiliation: Affiliation
    provider: Provider
    receiver: EnrollmentRecord | None


@dataclass(frozen=True)
class Mandate:
    """What a third party does for a provider, seen from the provider (E-5)."""

    affiliation: Affiliation
    provider: Provider
    submitter: EnrollmentRecord
    receives_era: bool


@dataclass(frozen=True)
class Tally:
    """Of one submitter: providers served, those with claims and with status requests, and remittances received."""

    providers: int
    claims: int
    status: int
    era: int


def provider_of(pair: Pair) -> Provider | None:
    return Provider.objects.filter(
        ptan=pair.ptan, npi=pair.npi, line_of_business=pair.line_of_business
    ).first()


def providers_numbered(number: str, *, most: int) -> list[Provider]:
    """The providers of a PTAN or NPI, with and without its spaces and dashes, by name."""
    return list(_numbered(number).order_by("name", "ptan")[:most])


def submitters_of(providers: Sequence[Provider], *, day: date) -> dict[UUID, list[EnrollmentRecord]]:
    """Who serves each of these providers that day, by name."""
    rows = Affiliation.objects.filter(_lasting(day), provider__in=providers).select_related("record")
    found: dict[UUID, list[EnrollmentRecord]] = {one.pk: [] for one in providers}
    for row in rows.order_by("record__legal_name"):
        found[row.provider_id].append(row.record)
    return found


def receivers_of(providers: Sequence[Provider], *, day: date) -> dict[UUID, EnrollmentRecord]:
    """Where the remittance of each of these goes that day; on paper where it is not in there (E-2)."""
    routes = EraRoute.objects.filter(_lasting(day), provider__in=providers).select_related("receiver")
    return {one.provider_id: one.receiver for one in routes}


def routes_lasting(*, day: date, receiver: str = "") -> Iterator[tuple[Any, ...]]:
    """Every route of that day, those of one receiver where a submitter ID is given; read as they are taken (E-2).

    (name, PTAN, NPI and line of the provider, name and submitter ID of the receiver, first day, form) of each.
    """
    rows = EraRoute.objects.filter(_lasting(day))
    if receiver:
        rows = rows.filter(receiver__submitter_id=receiver.upper())
    provider = (f"provider__{name}" for name in ("name", "ptan", "npi", "line_of_business"))
    columns = (*provider, "receiver__legal_name", "receiver__submitter_id", "starts_on", "tracking")
    return rows.order_by("pk").values_list(*columns).iterator(chunk_size=2_000)


def tally_of(record: EnrollmentRecord, *, day: date) -> Tally:
    """How many providers a submitter serves that day, and whose remittance it receives (E-1, E-2)."""
    return tallies_of([record], day=day)[record.pk]


def tallies_of(records: Sequence[EnrollmentRecord], *, day: date) -> dict[UUID, Tally]:
    """The same of many, in as many statements."""
    served = Affiliation.objects.filter(_lasting(day), record__in=records).values_list("record")
    counted = served.annotate(
        providers=Count("pk"),
        claims=Count("pk", filter=Q(sends_claims=True)),
        status=Count("pk", filter=Q(asks_status=True)),
    )
    routes = EraRoute.objects.filter(_lasting(day), receiver__in=records).values_list("receiver")
    received = dict(routes.annotate(count=Count("pk")))
    numbers = {key: some for key, *some in counted}
    return {one.pk: Tally(*numbers.get(one.pk, (0, 0, 0)), received.get(one.pk, 0)) for one in records}


def first_served(records: Sequence[EnrollmentRecord], *, most: int, day: date) -> dict[UUID, list[Served]]:
    """The first providers, by name, that each of these submitters serves that day."""
    place = Window(RowNumber(), partition_by="record", order_by=("provider_name", "pk"))
    rows = Affiliation.objects.filter(_lasting(day), record__in=records).annotate(place=place)
    first = list(rows.filter(place__lte=most).values_list("pk", flat=True))
    shown = Affiliation.objects.filter(pk__in=first).select_related("provider")
    found: dict[UUID, list[Served]] = {one.pk: [] for one in records}
    for one in with_receivers(shown.order_by("provider_name", "pk"), day=day):
        found[one.affiliation.record_id].append(one)
    return found


def route_on(provider: Provider, day: date) -> EraRoute | None:
    """The route of that day; None is paper (E-2)."""
    routes = EraRoute.objects.filter(provider=provider).select_related("receiver")
    return next((one for one in routes if one.route.covers(day)), None)


def routes_of_pairs(pairs: Sequence[Pair], *, day: date) -> list[EraRoute]:
    """The route of that day of each of these providers that has one, set by set (E-2)."""
    routes = _of_pairs(EraRoute.objects.select_related("receiver"), pairs)
    return list({one.pk: one for one in routes if one.route.covers(day)}.values())


def pairs_put_on_paper(pairs: Sequence[Pair], *, day: date) -> set[Pair]:
    """Which of these had a receiver in SPOT, and have none from that day on (E-2)."""
    routes = list(_of_pairs(EraRoute.objects.select_related("receiver"), pairs))
    lasting = {one.provider.pair for one in routes if ended(one.route, day) != one.route}
    return {one.provider.pair for one in routes} - lasting


def pairs_known(pairs: Sequence[Pair], *, but: str) -> set[Pair]:
    """Which of these SPOT has heard of from somebody else than submitter ID `but`: served or routed, now or once (E-1, E-2)."""
    served = Affiliation.objects.exclude(record__submitter_id=but)
    found = [*_of_pairs(served, pairs), *_of_pairs(EraRoute.objects.all(), pairs)]
    return {one.provider.pair for one in found}


def own_records(pairs: Sequence[Pair]) -> list[tuple[Pair, EnrollmentRecord]]:
    """Whose own providers these are: the organizations that decide for them in SPOT (E-5)."""
    own = Affiliation.objects.filter(is_own=True, ends_on=None).select_related("record")
    return [(one.provider.pair, one.record) for one in _of_pairs(own, pairs)]


def pairs_ever_served(record: EnrollmentRecord, pairs: Sequence[Pair]) -> set[Pair]:
    """Which of these providers the submitter serves, or served once: what was ended counts, set by set (E-1, E-5)."""
    return {row.provider.pair for row in _of_pairs(Affiliation.objects.filter(record=record), pairs)}


def routes_of(provider: Provider) -> list[EraRoute]:
    """Every route there was, is and will be, the newest first; the empty ones too: they are history (E-2)."""
    routes = EraRoute.objects.filter(provider=provider).select_related("receiver")
    return list(routes.order_by("-starts_on", "-routed_at"))


def served_by(record: EnrollmentRecord, *, text: str = "", day: date) -> QuerySet[Affiliation]:
    """What the submitter does that day for each provider, by the provider's name (E-1).

    `text`: a PTAN, an NPI, or a part of the name.
    """
    rows = Affiliation.objects.filter(_lasting(day), _named(text), record=record)
    return rows.select_related("provider").order_by("provider_name", "pk")


def with_receivers(rows: Iterable[Affiliation], *, day: date) -> list[Served]:
    """The same with where each provider's remittance goes, in one statement more (E-2)."""
    rows = list(rows)
    receivers = receivers_of([row.provider for row in rows], day=day)
    return [Served(row, row.provider, receivers.get(row.provider_id)) for row in rows]


def mandates_of(record: EnrollmentRecord, *, text: str = "", day: date) -> QuerySet[Affiliation]:
    """What third parties do that day for the providers which this organization is itself (E-5); `text` as in `served_by`."""
    rows = _for_own_providers(record).filter(_lasting(day))
    if text:
        rows = rows.filter(_named(text) | Q(record__legal_name__icontains=text))
    return rows.order_by("record__legal_name", "provider_name", "pk")


def mandate_numbered(record: EnrollmentRecord, identifier: UUID, *, day: date) -> Mandate | None:
    """One of those that have begun by that day, ended or not."""
    rows = _for_own_providers(record).filter(pk=identifier, starts_on__lte=day)
    return next(iter(as_mandates(rows, day=day)), None)


def _for_own_providers(record: EnrollmentRecord) -> QuerySet[Affiliation]:
    own = Affiliation.objects.filter(record=record, is_own=True, ends_on=None).values("provider_id")
    return Affiliation.objects.filter(provider__in=own, is_own=False).exclude(record=record)


def as_mandates(chosen: QuerySet[Affiliation], *, day: date) -> list[Mandate]:
    """The same with their providers, and with whether the remittance goes there, too."""
    keys = list(chosen.values_list("pk", flat=True))
    # Joined to the few that are shown: to find those, the provider's name on the row is enough.
    found = Affiliation.objects.select_related("provider", "record").in_bulk(keys)
    rows = [found[key] for key in keys if key in found]
    receivers = receivers_of([row.provider for row in rows], day=day)
    return [
        Mandate(row, row.provider, row.record, receivers.get(row.provider_id) == row.record) for row in rows
    ]


def is_own_provider(record: EnrollmentRecord, provider: Provider) -> bool:
    """Whether the organization is itself this provider, and so decides who serves it."""
    own = Affiliation.objects.filter(record=record, provider=provider, is_own=True, ends_on=None)
    return own.exists()


def serves(record: EnrollmentRecord, *, ptan: str, npi: str) -> bool:
    """Whether the submitter serves the provider of these numbers until further notice, in whatever line of business."""
    rows = Affiliation.objects.filter(record=record, provider__ptan=ptan, provider__npi=npi, ends_on=None)
    return rows.exists()


def claims_submitters(provider: Provider, *, day: date) -> list[EnrollmentRecord]:
    """Who sends claims for the provider that day: those whom a form does not name to be kept are warned about (E-3)."""
    rows = Affiliation.objects.filter(_lasting(day), provider=provider, sends_claims=True)
    return [row.record for row in rows.select_related("record")]


def _of_pairs(rows: QuerySet[Any], pairs: Sequence[Pair]) -> Iterator[Any]:
    """Those of the rows that are about one of these providers, set by set."""
    wanted = set(pairs)
    for start in range(0, len(pairs), AT_A_TIME):
        some = pairs[start : start + AT_A_TIME]
        of_some = rows.filter(
            provider__ptan__in={one.ptan for one in some}, provider__npi__in={one.npi for one in some}
        )
        yield from (one for one in of_some.select_related("provider") if one.provider.pair in wanted)


def _numbered(number: str) -> QuerySet[Provider]:
    plain = "".join(sign for sign in number.upper() if sign.isalnum())
    return Provider.objects.filter(Q(ptan=plain) | Q(npi=plain)) if plain else Provider.objects.none()


def _named(text: str) -> Q:
    """A provider of that PTAN or NPI, or with that in its name; any where there is no text."""
    # A subquery, not a join: the providers of everybody else are not read for it.
    return Q(provider__in=_numbered(text).values("pk")) | Q(provider_name__icontains=text) if text else Q()


def _lasting(day: date) -> Q:
    """Begun by that day, and not ended (spans are half-open: `rules.services`)."""
    return Q(starts_on__lte=day) & (Q(ends_on=None) | Q(ends_on__gt=day))
