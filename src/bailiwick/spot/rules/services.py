"""Who serves a provider, for what, on which days (E-1 to E-5). Pure.

A *pair* is a provider as the payer knows them: PTAN, NPI and line of business. Spans are half-open: `starts_on` counts,
`ends_on` does not; a span that was replaced on its first day is empty, and stays as history.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes

ENDS_MANDATES = ("approver", "backup")
"""Standings that decide for a provider; the stronger first (E-5)."""


class Refusal(StrEnum):
    RECEIVER_CLOSED = "era_receiver_closed"
    DAY_PASSED = "era_day_passed"
    RECEIVER_ALREADY = "era_receiver_already"
    PAIR_UNKNOWN = "service_pair_unknown"
    NOT_YOURS = "service_not_yours"
    ENDED_ALREADY = "service_ended_already"
    CHANGED_SINCE_SEEN = "era_changed_since_seen"


class Service(StrEnum):
    """What a submitter does for a provider. `ERA`: receives the remittance advice."""

    CLAIMS = "837"
    STATUS = "276"
    ERA = "835"


@dataclass(frozen=True)
class Pair:
    """A provider as the payer knows them: `line_of_business` is "A" or "B"."""

    ptan: str
    npi: str
    line_of_business: str


@dataclass(frozen=True)
class Route:
    """One span in which a pair's remittance went to one receiver. `receiver`: a submitter ID."""

    receiver: str
    starts_on: date
    ends_on: date | None = None

    @property
    def is_empty(self) -> bool:
        return self.ends_on is not None and self.ends_on <= self.starts_on

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def route_on(routes: Iterable[Route], day: date) -> Route | None:
    """The one span that covers the day; None is paper (E-2)."""
    return next((route for route in routes if route.covers(day)), None)


def ended(route: Route, on: date) -> Route:
    """The span as it is when it ends that day; one that would begin later never begins."""
    if route.ends_on is not None and route.ends_on <= on:
        return route
    return replace(route, ends_on=max(route.starts_on, on))


def rerouted(routes: Iterable[Route], receiver: str, on: date) -> tuple[list[Route], Route | None]:
    """All spans as they are once `receiver` ("" for paper) gets the remittance from that day on, and the span that begins (E-2).

    Days before stay as they were; whatever was planned after is replaced.
    """
    closed = [ended(route, on) for route in routes]
    return closed, Route(receiver, on) if receiver else None


def comes_by_list(*, is_received: bool, is_own: bool, is_providers: bool, is_known: bool) -> bool:
    """Whether a remittance comes to the submitter of a list whose line assigns it. [E-2, F-4]

    One that another receives (`is_received`) comes for the submitter's `is_own` providers alone. One that nobody in SPOT
    receives may be on paper because its provider wants it so: there a list that the provider's own official signed
    (`is_providers`) counts, and a third party's only where SPOT knows nothing of the provider yet (`is_known`).
    """
    return is_own if is_received else is_providers or not is_known


def may_route(
    present: Route | None, receiver: str, *, is_receiver_active: bool, on: date, today: date
) -> Yes | No:
    """From today on, to an organization that is enrolled, and only where it changes something (E-2)."""
    if on < today:
        return No(Refusal.DAY_PASSED)
    if receiver and not is_receiver_active:
        return No(Refusal.RECEIVER_CLOSED)
    has_it = present is not None and present.receiver == receiver and present.ends_on is None
    return No(Refusal.RECEIVER_ALREADY) if has_it or (present is None and not receiver) else Yes()
