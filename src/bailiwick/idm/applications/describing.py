"""An application as plain data, and what differs between two such descriptions (O-6). Pure.

A description holds what the files say with every value filled in: a changed address is a change like any other.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from bailiwick.idm.rules.catalogue import Application, Catalogue

Description = dict[str, Any]
SHORTEST_TO_CUT = 160


@dataclass(frozen=True)
class Change:
    """One entry that differs. `path` is like "spot.roles.end-user.decided_by"; None: the entry was or is not there."""

    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        if self.before is None:
            return f"+ {self.path} = {_shown(self.after)}"
        if self.after is None:
            return f"- {self.path} (was {_shown(self.before)})"
        return f"~ {self.path}: {_shown(self.before)} → {_shown(self.after)}"


def described(catalogue: Catalogue) -> dict[str, Description]:
    """Every application by its code, as JSON keeps it."""
    return {application.code: describe(application) for application in catalogue.applications}


def describe(application: Application) -> Description:
    """Roles and the like by their codes, spans in days; entries that say nothing are left out."""
    plain: Description = _plain(asdict(application))
    return plain


def changes(before: dict[str, Description], after: dict[str, Description]) -> list[Change]:
    """What differs between two catalogues, in order of the path; [] for none."""
    one, other = dict(_flat(before)), dict(_flat(after))
    paths = sorted(one.keys() | other.keys())
    return [
        Change(path, one.get(path), other.get(path)) for path in paths if one.get(path) != other.get(path)
    ]


def roles_lost(before: dict[str, Description], after: dict[str, Description]) -> list[tuple[str, str]]:
    """(application, role) of every role that there was and is no more."""
    return sorted(_roles(before) - _roles(after))


def _roles(catalogue: dict[str, Description]) -> set[tuple[str, str]]:
    return {(code, role) for code, each in catalogue.items() for role in each.get("roles", {})}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        told = {key: _plain(one) for key, one in value.items()}
        return {key: one for key, one in told.items() if one not in (None, "", [], {})}
    if isinstance(value, list | tuple):
        if value and all(isinstance(one, dict) and "code" in one for one in value):
            return {one["code"]: _plain({**one, "code": ""}) for one in value}
        return [_plain(one) for one in value]
    return value.days if isinstance(value, timedelta) else value


def _flat(tree: Description, above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= SHORTEST_TO_CUT else f"{text[:SHORTEST_TO_CUT]}…"
