"""Every notice there is: its folder says when it goes out, to whom, by which channel, whether it can be declined (N-1, N-2).

`templates/notices/<name>/about.toml` beside subject, text and HTML; docs/notices.md is made of it.
"""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.apps import apps


class Digest(StrEnum):
    """What happens to several of a kind for one recipient.

    `TOGETHER`: each waits a moment for the others. `FIRST_AT_ONCE`: the first goes; those of the hour after it wait and
    go together.
    """

    NONE = ""
    TOGETHER = "together"
    FIRST_AT_ONCE = "first at once"


@dataclass(frozen=True)
class Kind:
    """One kind of notice. `label`: what a reader who may decline it reads; "" where nobody may."""

    name: str
    folder: Path | None = None
    when: str = ""
    to: str = ""
    channel: str = "email"
    label: str = ""
    digest: Digest = Digest.NONE

    @property
    def is_optional(self) -> bool:
        return bool(self.label)


@cache
def kinds() -> dict[str, Kind]:
    """The notices of this program's rooms, by name. Raises what is wrong with a folder's about.toml."""
    found = {}
    for room in apps.get_app_configs():
        for about in sorted(Path(room.path).glob("templates/notices/*/about.toml")):
            told = tomllib.loads(about.read_text(encoding="utf-8"))
            digest = Digest(told.pop("digest", ""))
            found[about.parent.name] = Kind(about.parent.name, about.parent, digest=digest, **told)
    return found


def kind(name: str) -> Kind:
    """The notice of that name; one whose folder says nothing goes to everybody, by itself."""
    return kinds().get(name) or Kind(name)


def optional_kinds() -> list[Kind]:
    """What can be declined, by what it is called."""
    return sorted((one for one in kinds().values() if one.is_optional), key=lambda one: one.label)
