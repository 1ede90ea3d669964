"""An announcement as IDM publishes it and an application shows it (N-4). Pure: text in, frozen facts out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

LONGEST_HEADING = 120
LONGEST_TEXT = 2000
MOST = 50


@dataclass(frozen=True)
class Announced:
    """`texts`: {language: (heading, text)}."""

    id: UUID
    is_warning: bool
    starts_at: datetime
    ends_at: datetime
    texts: Mapping[str, tuple[str, str]]

    def to_json(self) -> dict[str, Any]:
        return {
            "id": str(self.id),
            "warning": self.is_warning,
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "texts": {
                language: {"heading": heading, "text": text}
                for language, (heading, text) in self.texts.items()
            },
        }


def announced_in(document: Mapping[str, Any]) -> list[Announced]:
    """The announcements in `{"announcements": […]}`. Raises ValueError for anything else, or for more than MOST."""
    rows = document.get("announcements")
    if not isinstance(rows, list) or len(rows) > MOST:
        raise ValueError("not a list of announcements")
    return [_one(row) for row in rows]


def _one(row: Any) -> Announced:
    try:
        texts = {str(language): (one["heading"], one["text"]) for language, one in row["texts"].items()}
        starts_at, ends_at = (datetime.fromisoformat(row[name]) for name in ("starts_at", "ends_at"))
        found = Announced(UUID(row["id"]), row["warning"] is True, starts_at, ends_at, texts)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise ValueError("not an announcement") from None
    if not _is_sound(found):
        raise ValueError("not an announcement")
    return found


def _is_sound(one: Announced) -> bool:
    has_zone = one.starts_at.tzinfo is not None and one.ends_at.tzinfo is not None
    fits = all(
        isinstance(heading, str)
        and isinstance(text, str)
        and 0 < len(heading) <= LONGEST_HEADING
        and 0 < len(text) <= LONGEST_TEXT
        for heading, text in one.texts.values()
    )
    return has_zone and one.starts_at < one.ends_at and "en" in one.texts and fits
