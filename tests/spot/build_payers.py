"""Builders: the payer file, and what to ask it."""

from pathlib import Path

from bailiwick.spot.payers.embedded import SAMPLE, EmbeddedPayer, providers_in, third_parties_in
from bailiwick.spot.payers.port import Numbers, Outcome, Payer, Provider, Unavailable


def on_file(legal_name: str) -> Provider:
    """The provider, or third party, of the sample file with this name."""
    known = (*providers_in(SAMPLE), *third_parties_in(SAMPLE))
    return next(one for one in known if one.legal_name == legal_name)


def find(payer: Payer, **numbers: str) -> Outcome:
    """What this adapter says of one provider."""
    found = payer.find_all([Numbers(**numbers)])
    return found if isinstance(found, Unavailable) else found[0]


def numbers_of(provider: Provider, **changes: str) -> dict[str, str]:
    """What identifies a provider, as `find` takes it."""
    return {"ptan": provider.ptan, "npi": provider.npi, "tin": provider.tin, **changes}


def embedded(*, down_while: Path | None = None) -> EmbeddedPayer:
    return EmbeddedPayer((*providers_in(SAMPLE), *third_parties_in(SAMPLE)), down_while=down_while)
