"""Reading services: who serves a provider, where its remittance goes, what a change would take from whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules.services import Pair
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


def provider_of(pair: Pair) -> Provider | None:
    return Provider.objects.filter(
        ptan=pair.ptan, npi=pair.npi, line_of_business=pair.line_of_business
    ).first()


def route_on(provider: Provider, day: date) -> EraRoute | None:
    """The route of that day; None is paper (E-2)."""
    routes = EraRoute.objects.filter(provider=provider).select_related("receiver")
    return next((one for one in routes if one.route.covers(day)), None)


def routes_of_pairs(pairs: Sequence[Pair], *, day: date) -> list[EraRoute]:
    """The route of that day of each of these providers that has one, set by set (E-2)."""
    wanted = set(pairs)
    found: list[EraRoute] = []
    for start in range(0, len(pairs), AT_A_TIME):
        some = pairs[start : start + AT_A_TIME]
        routes = EraRoute.objects.filter(
            provider__ptan__in={one.ptan for one in some}, provider__npi__in={one.npi for one in some}
        ).select_related("provider", "receiver")
        found += [one for one in routes if one.route.covers(day) and one.provider.pair in wanted]
    return list({one.pk: one for one in found}.values())


def routes_of(provider: Provider) -> list[EraRoute]:
    """Every route there was, is and will be, the newest first; the empty ones too: they are history (E-2)."""
    routes = EraRoute.objects.filter(provider=provider).select_related("receiver")
    return list(routes.order_by("-starts_on", "-routed_at"))


def served_by(record: EnrollmentRecord, *, day: date) -> list[Served]:
    """Providers that the submitter serves that day, by name (E-1)."""
    rows = Affiliation.objects.filter(record=record, starts_on__lte=day).select_related("provider")
    present = [row for row in rows.order_by("provider__name", "provider__npi") if _lasts(row, day)]
    receivers = _receivers([row.provider_id for row in present], day)
    return [Served(row, row.provider, receivers.get(row.provider_id)) for row in present]


def mandates_of(record: EnrollmentRecord, *, day: date) -> list[Mandate]:
    """Third parties that act that day for the providers which this organization is itself (E-5)."""
    own = Affiliation.objects.filter(record=record, is_own=True, ends_on=None).values("provider_id")
    rows = (
        Affiliation.objects.filter(provider__in=own, is_own=False, starts_on__lte=day)
        .exclude(record=record)
        .select_related("provider", "record")
        .order_by("record__legal_name", "provider__name")
    )
    present = [row for row in rows if _lasts(row, day)]
    receivers = _receivers([row.provider_id for row in present], day)
    return [
        Mandate(row, row.provider, row.record, receivers.get(row.provider_id) == row.record)
        for row in present
    ]


def is_own_provider(record: EnrollmentRecord, provider: Provider) -> bool:
    """Whether the organization is itself this provider, and so decides who serves it."""
    own = Affiliation.objects.filter(record=record, provider=provider, is_own=True, ends_on=None)
    return own.exists()


def claims_submitters(provider: Provider, *, day: date) -> list[EnrollmentRecord]:
    """Who sends claims for the provider that day: those whom a form does not name to be kept are warned about (E-3)."""
    rows = Affiliation.objects.filter(provider=provider, sends_claims=True, starts_on__lte=day)
    return [row.record for row in rows.select_related("record") if _lasts(row, day)]


def _lasts(row: Affiliation, day: date) -> bool:
    return row.ends_on is None or day < row.ends_on


def _receivers(providers: list[object], day: date) -> dict[object, EnrollmentRecord]:
    routes = EraRoute.objects.filter(provider__in=providers).select_related("receiver")
    return {one.provider_id: one.receiver for one in routes if one.route.covers(day)}
