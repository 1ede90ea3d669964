"""Signs that an account is shared, and what becomes of a case about one (H-6). Pure.

The radar opens a case and does nothing else: only a member of tier 3 who looked at it stops anybody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from math import asin, cos, radians, sin, sqrt

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.limits import Limits

EARTH_KILOMETERS = 6371.0
Coordinates = tuple[float, float]
"""Degrees of latitude and longitude."""


class Ground(StrEnum):
    """Why a case was opened. The entries are stored."""

    REPORTED = "reported"
    FAR_APART = "far_apart"
    MANY_PLACES = "many_places"
    SAME_PHONE = "same_phone"
    SAME_MAILBOX = "same_mailbox"
    MANY_DEVICES = "many_devices"


class State(StrEnum):
    """`stopped`: the account was suspended for it, at least."""

    OPEN = "open"
    NOTHING_FOUND = "nothing_found"
    STOPPED = "stopped"


class Event(StrEnum):
    DISMISS = "dismiss"
    STOP = "stop"


STEPS: dict[State, dict[Event, State]] = {
    State.OPEN: {Event.DISMISS: State.NOTHING_FOUND, Event.STOP: State.STOPPED},
    State.NOTHING_FOUND: {},
    State.STOPPED: {},
}


class Verdict(StrEnum):
    """What tier 3 does about a case. Archiving takes a second person (H-5); until then the account is suspended."""

    NOTHING = "nothing"
    SUSPEND = "suspend"
    ARCHIVE = "archive"


EVENT_OF = {Verdict.NOTHING: Event.DISMISS, Verdict.SUSPEND: Event.STOP, Verdict.ARCHIVE: Event.STOP}


class Refusal(StrEnum):
    SHARING_SETTLED = "sharing_settled"


def may_settle(state: State, verdict: Verdict) -> Yes | No:
    """A case is decided once; whoever comes second is told who was first (Q-5)."""
    return Yes(verdict.value) if EVENT_OF[verdict] in STEPS[state] else No(Refusal.SHARING_SETTLED)


@dataclass(frozen=True)
class Stay:
    """One session: from when till when somebody was there, from which device and network.

    `place` is in the words of the operator's file, or a network's prefix.
    """

    session: str
    device: str
    place: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Suspicion:
    """What speaks for sharing: the ground, and the ids of the sessions that show it."""

    ground: Ground
    sessions: tuple[str, ...]


def are_at_once(one: Stay, other: Stay, *, least: timedelta) -> bool:
    """Whether both were used over the same `least` of time: not one after the other on the way from here to there."""
    return min(one.until, other.until) - max(one.since, other.since) >= least


def kilometers(one: Coordinates, other: Coordinates) -> float:
    """The great circle between two places."""
    (north, east), (north_2, east_2) = (tuple(map(radians, place)) for place in (one, other))
    half = sin((north_2 - north) / 2) ** 2 + cos(north) * cos(north_2) * sin((east_2 - east) / 2) ** 2
    return 2 * EARTH_KILOMETERS * asin(sqrt(min(1.0, half)))


def suspicion_of(stays: Iterable[Stay], where: Mapping[str, Coordinates], limits: Limits) -> Suspicion | None:
    """Sessions far apart at the same time, or from more networks at once than one person has around them. [H-6]

    `where`: the coordinates of places that the operator's file gives any for. One device, on a journey or behind a
    private network, is one person.
    """
    stays = list(stays)
    for one, other in combinations(stays, 2):
        if _are_two_people(one, other, limits) and _are_far(one.place, other.place, where, limits):
            return Suspicion(Ground.FAR_APART, (one.session, other.session))
    for one in stays:
        beside = {one.place: one.session}
        for other in stays:
            if _are_two_people(one, other, limits):
                beside.setdefault(other.place, other.session)
        if len(beside) >= limits.radar_places:
            return Suspicion(Ground.MANY_PLACES, tuple(beside.values()))
    return None


def _are_two_people(one: Stay, other: Stay, limits: Limits) -> bool:
    return one.device != other.device and are_at_once(one, other, least=limits.radar_overlap)


def _are_far(one: str, other: str, where: Mapping[str, Coordinates], limits: Limits) -> bool:
    if one not in where or other not in where:
        return False
    return kilometers(where[one], where[other]) >= limits.radar_kilometers


def stays_quiet(closed_at: datetime, *, now: datetime, limits: Limits) -> bool:
    """Whether the same sign of the same account was looked at so lately that it opens no new case. [H-6]"""
    return now - closed_at < limits.radar_quiet
