"""What a file must be to be taken, and where an upload goes from there. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"


class State(StrEnum):
    """`quarantine`: waits for the scanner, opens for nobody. Of `infected` and `deleted` the content is gone."""

    QUARANTINE = "quarantine"
    OPEN = "open"
    INFECTED = "infected"
    DELETED = "deleted"


class Event(StrEnum):
    FOUND_CLEAN = "found_clean"
    FOUND_INFECTED = "found_infected"
    DELETE = "delete"


STEPS: dict[State, dict[Event, State]] = {
    State.QUARANTINE: {
        Event.FOUND_CLEAN: State.OPEN,
        Event.FOUND_INFECTED: State.INFECTED,
        Event.DELETE: State.DELETED,
    },
    State.OPEN: {Event.DELETE: State.DELETED},
    State.INFECTED: {Event.DELETE: State.DELETED},
    State.DELETED: {},
}


class Refusal(StrEnum):
    EMPTY = "upload_empty"
    TOO_LARGE = "upload_too_large"
    WRONG_KIND = "upload_wrong_kind"
    UNREADABLE = "upload_unreadable"
    MORE_THAN_ONE = "upload_more_than_one"
    TOO_MANY_PIXELS = "upload_too_many_pixels"
    MOVES = "upload_moves"
    TOO_MANY_PAGES = "upload_too_many_pages"
    ENCRYPTED = "upload_encrypted"
    ACTIVE = "upload_active"
    CARRIES_FILES = "upload_carries_files"
    NOT_SCANNED = "upload_not_scanned"
    INFECTED = "upload_infected"
    DELETED = "upload_deleted"


@dataclass(frozen=True)
class Content:
    """A file that was looked into and may be kept."""

    kind: Kind
    data: bytes = field(repr=False)


CONTENT_TYPES = {Kind.PDF: "application/pdf", Kind.PNG: "image/png", Kind.JPEG: "image/jpeg"}
BEGINNINGS = {Kind.PDF: b"%PDF-", Kind.PNG: b"\x89PNG\r\n\x1a\n", Kind.JPEG: b"\xff\xd8\xff"}
WHY_CLOSED = {
    State.QUARANTINE: Refusal.NOT_SCANNED,
    State.INFECTED: Refusal.INFECTED,
    State.DELETED: Refusal.DELETED,
}


def kind_of(data: bytes) -> Kind | None:
    """By its first bytes, never by a name or what a browser says; None for any other kind."""
    return next((kind for kind, beginning in BEGINNINGS.items() if data.startswith(beginning)), None)


def next_state(state: State, event: Event) -> State:
    """Raises KeyError for an event that the table does not have."""
    return STEPS[state][event]
