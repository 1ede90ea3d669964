"""What may be enrolled, and the life of an enrollment record: active, then closed, never back (G-1, F-11)."""

from enum import StrEnum


class Refusal(StrEnum):
    RECORD_MALFORMED = "record_malformed"
    RECORD_UNKNOWN = "record_unknown"
    RECORD_CLOSED = "record_closed"
    RECORD_UNCHANGED = "record_unchanged"


class Status(StrEnum):
    ACTIVE = "active"
    CLOSED = "closed"


class Event(StrEnum):
    CHANGE = "change"
    CLOSE = "close"


STEPS: dict[Status, dict[Event, Status]] = {
    Status.ACTIVE: {Event.CHANGE: Status.ACTIVE, Event.CLOSE: Status.CLOSED},
    Status.CLOSED: {},
}


class Delivery(StrEnum):
    """Where the newest version of a record is on its way to IDM (F-11)."""

    ON_ITS_WAY = "on_its_way"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


def delivery(*, version: int, confirmed_version: int, refused_version: int) -> Delivery:
    """Versions count from 1; 0 means that none was ever confirmed or refused."""
    if confirmed_version >= version:
        return Delivery.CONFIRMED
    if refused_version >= version:
        return Delivery.REFUSED
    return Delivery.ON_ITS_WAY
