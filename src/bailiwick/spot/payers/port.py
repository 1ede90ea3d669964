"""What SPOT asks of a payer: who is behind a PTAN, an NPI and a TIN (F-6), and who may sign for them (F-8).

Whatever an adapter cannot read as an answer is `Unavailable`: a fault never matches anybody, and is never taken for a
no. `NoMatch` does not say which of the three is wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class LineOfBusiness(StrEnum):
    """Part A and Part B are on file under different PTANs."""

    PART_A = "A"
    PART_B = "B"


class Standing(StrEnum):
    """How an official came by the right to sign: by law or office, or named by somebody who has it."""

    AUTHORIZED = "authorized"
    DELEGATED = "delegated"


@dataclass(frozen=True)
class Official:
    """One who may sign for a provider. `mailbox` is "" where the payer holds none."""

    name: str
    title: str
    mailbox: str
    standing: Standing


@dataclass(frozen=True)
class Provider:
    """One line of the payer file, of a provider or, without PTAN and NPI, of a third party.

    TIN (it may be a person's SSN) and people are kept out of `repr`, and so of every log line.
    `contact_mailbox` and `phone` are those on file: only they are told of signatures and called back (F-8).
    `submitter_ids`, outside SPOT: of a provider, under which it is served now; of a third party, its own.
    """

    ptan: str
    npi: str
    tin: str = field(repr=False)
    legal_name: str
    line_of_business: LineOfBusiness | None
    address: str
    city: str
    state: str
    zip: str
    contact_mailbox: str = field(repr=False)
    phone: str = field(repr=False)
    officials: tuple[Official, ...] = field(repr=False)
    submitter_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    provider: Provider


@dataclass(frozen=True)
class NoMatch:
    """PTAN, NPI and TIN do not belong together, or one of them is not on file."""


@dataclass(frozen=True)
class Unavailable:
    """The payer could not be asked. Ask again later."""


Outcome = Match | NoMatch | Unavailable


@dataclass(frozen=True)
class Numbers:
    """What is asked about. The TIN may be a person's SSN: it is kept out of `repr`."""

    ptan: str
    npi: str
    tin: str = field(repr=False)

    @property
    def bare(self) -> tuple[str, str, str]:
        return bare(self.ptan), bare(self.npi), bare(self.tin)


class Payer(Protocol):
    """Every adapter answers with an outcome and raises nothing; it is called outside any transaction.

    However they are typed: spaces, hyphens and letter case of the three make no difference. A third party is found by its
    TIN, with PTAN and NPI empty.
    """

    def find_all(self, asked: Sequence[Numbers]) -> list[Match | NoMatch] | Unavailable:
        """One answer to each, in their order; or none at all, where any of them got no answer."""
        ...

    @property
    def is_away(self) -> bool:
        """Whether a question now would get no answer: known without asking, so that a page can say so first."""
        ...


def bare(number: str) -> str:
    """A PTAN, NPI or TIN as all adapters compare it: ASCII letters and digits alone, letters as capitals."""
    return "".join(sign for sign in number if sign.isascii() and sign.isalnum()).upper()
