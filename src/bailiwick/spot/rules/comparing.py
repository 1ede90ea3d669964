"""Where SPOT's enrollment records and those that IDM holds differ (O-4). Pure: it says so, and repairs nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Matter(StrEnum):
    LACKING = "lacking"
    OLDER = "older"
    NEWER = "newer"
    CONTENT = "content"
    STRANGER = "stranger"


@dataclass(frozen=True)
class Held:
    """One record as one side holds it; `fingerprint` is `wire.provisioning.fingerprint` of it."""

    version: int
    fingerprint: str


@dataclass(frozen=True)
class Differing:
    """Versions count from 1; 0 is a side that has no such record."""

    submitter_id: str
    matter: Matter
    our_version: int
    their_version: int


def differences(ours: Mapping[str, Held], theirs: Mapping[str, Held]) -> list[Differing]:
    """Every record that is not the same on both sides, by submitter ID. [O-4]"""
    found = []
    for submitter_id in sorted(ours.keys() | theirs.keys()):
        own, other = ours.get(submitter_id), theirs.get(submitter_id)
        matter = _matter(own, other)
        if matter is not None:
            versions = (own.version if own else 0, other.version if other else 0)
            found.append(Differing(submitter_id, matter, *versions))
    return found


def _matter(own: Held | None, other: Held | None) -> Matter | None:
    if own is None:
        return Matter.STRANGER
    if other is None:
        return Matter.LACKING
    if other.version != own.version:
        return Matter.OLDER if other.version < own.version else Matter.NEWER
    return None if other.fingerprint == own.fingerprint else Matter.CONTENT
