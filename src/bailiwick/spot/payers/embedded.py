"""A payer file that SPOT carries with it: `sample.toml` of fictitious providers, or a file of the deployment's own.

It is read once, at start, and every mistake in it is named at once. While the file `down_while` exists, this payer is
as good as down: that is how a test, or a person trying things out, takes it away from a running program.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bailiwick.spot.payers.port import (
    LineOfBusiness,
    Match,
    NoMatch,
    Numbers,
    Official,
    Provider,
    Standing,
    Unavailable,
    bare,
)
from bailiwick.spot.rules.answers import is_npi

SAMPLE = Path(__file__).with_name("sample.toml")
TIN = re.compile(r"[0-9]{9}")


class PayerFileError(ValueError):
    """What is wrong with the file, one sentence a mistake."""


class EmbeddedPayer:
    """Answers from the providers it was made with."""

    def __init__(self, providers: Iterable[Provider], *, down_while: Path | None = None) -> None:
        self._by_numbers = {(one.ptan, one.npi, one.tin): one for one in providers}
        self._down_while = down_while

    def find_all(self, asked: Sequence[Numbers]) -> list[Match | NoMatch] | Unavailable:
        if self.is_away:
            return Unavailable()
        found = [self._by_numbers.get(one.bare) for one in asked]
        return [Match(provider) if provider else NoMatch() for provider in found]

    @property
    def is_away(self) -> bool:
        return self._down_while is not None and self._down_while.exists()


def providers_in(path: Path) -> tuple[Provider, ...]:
    """Every provider of a file. Raises PayerFileError naming every mistake by the provider's name."""
    providers = _entries(path, "provider")
    mistakes = [mistake for provider in providers for mistake in _mistakes(provider)]
    numbers = Counter((one.ptan, one.npi) for one in providers)
    mistakes += [f"{ptan} / {npi}: on file twice." for (ptan, npi), count in numbers.items() if count > 1]
    if mistakes:
        raise PayerFileError(" ".join(mistakes))
    return providers


def third_parties_in(path: Path) -> tuple[Provider, ...]:
    """Every billing service and clearinghouse of a file. Raises PayerFileError naming every mistake."""
    parties = _entries(path, "third_party")
    mistakes = [mistake for party in parties for mistake in _mistakes_of_any(party)]
    if mistakes:
        raise PayerFileError(" ".join(mistakes))
    return parties


def _entries(path: Path, name: str) -> tuple[Provider, ...]:
    try:
        return tuple(_provider(entry) for entry in tomllib.loads(path.read_text()).get(name, []))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as unreadable:
        raise PayerFileError(f"{path.name} cannot be read as a payer file: {unreadable!r}") from unreadable


def _provider(entry: dict[str, Any]) -> Provider:
    people = entry.pop("officials", [])
    officials = tuple(Official(**{**one, "standing": Standing(one["standing"])}) for one in people)
    is_third_party = "ptan" not in entry and "npi" not in entry
    numbers = {name: bare(entry.pop(name, "")) for name in ("ptan", "npi", "tin")}
    line = None if is_third_party else LineOfBusiness(entry.pop("line_of_business"))
    ids = tuple(bare(one) for one in entry.pop("submitter_ids", []))
    return Provider(**entry, **numbers, line_of_business=line, officials=officials, submitter_ids=ids)


def _mistakes(provider: Provider) -> list[str]:
    """By name alone: a message about a TIN must not hold it."""
    checks = {
        "the NPI's check digit is wrong": is_npi(provider.npi),
        "the PTAN is missing": bool(provider.ptan),
    }
    return [*_told(provider, checks), *_mistakes_of_any(provider)]


def _mistakes_of_any(provider: Provider) -> list[str]:
    checks = {
        "the TIN is not nine digits": bool(TIN.fullmatch(provider.tin)),
        "no contact mailbox on file": "@" in provider.contact_mailbox,
        "no phone on file": bool(provider.phone),
    }
    return _told(provider, checks)


def _told(provider: Provider, checks: dict[str, bool]) -> list[str]:
    return [f"{provider.legal_name}: {mistake}." for mistake, is_well in checks.items() if not is_well]
