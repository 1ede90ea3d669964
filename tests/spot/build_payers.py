"""Builders: the payer file, and what to ask it."""

from pathlib import Path

from bailiwick.spot.payers.embedded import SAMPLE, EmbeddedPayer, providers_in
from bailiwick.spot.payers.port import Provider


def on_file(legal_name: str) -> Provider:
    """The provider of the sample file with this name."""
    return next(one for one in providers_in(SAMPLE) if one.legal_name == legal_name)


def numbers_of(provider: Provider, **changes: str) -> dict[str, str]:
    """What identifies a provider, as `find` takes it."""
    return {"ptan": provider.ptan, "npi": provider.npi, "tin": provider.tin, **changes}


def embedded(*, down_while: Path | None = None) -> EmbeddedPayer:
    return EmbeddedPayer(providers_in(SAMPLE), down_while=down_while)
