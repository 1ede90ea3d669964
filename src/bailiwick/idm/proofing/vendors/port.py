"""What IDM asks of a proofing vendor. (V-6)

Whatever an adapter cannot read as one of the vendor's answers is `Unavailable`: a fault never verifies anybody, and
never uses up a try.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from bailiwick.idm.rules.proofing import Outcome


@dataclass(frozen=True)
class Home:
    """A home address in the United States."""

    line1: str
    line2: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True)
class VerificationRequest:
    """One question about one person. Its fields are kept out of `repr`, so that no log line can show them.

    `request_id` is the same whenever the same question is sent again; `asked_at` (aware) dates the signature.
    `reference` is "" for a first question, else the review reference number after the call (V-4).
    """

    request_id: UUID
    asked_at: datetime
    first_name: str = field(repr=False)
    middle_name: str = field(repr=False)
    last_name: str = field(repr=False)
    suffix: str = field(repr=False)
    ssn: str = field(repr=False)
    birth_date: date = field(repr=False)
    home: Home = field(repr=False)
    phone: str = field(repr=False)
    reference: str = field(default="", repr=False)


class Vendor(Protocol):
    """Every adapter answers with an `Outcome` and raises nothing; it is called outside any transaction."""

    def verify(self, request: VerificationRequest) -> Outcome: ...

    @property
    def is_away(self) -> bool:
        """Whether a question now would get no answer: known without asking, so that a page can say so first (V-3)."""
        ...
