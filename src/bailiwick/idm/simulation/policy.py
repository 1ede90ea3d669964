"""Numbers to try: a file of the few that decide how long access lasts, read with every mistake named by its line.

    [deployment]
    inactive_after_days = 45

    [applications.spot]
    inactive_after_days = 45

As everywhere an application's number counts where it is the stricter one; what is not named stays as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bailiwick.ground.program.toml_files import MistakesError, TomlFile, lines_of
from bailiwick.idm.rules.catalogue import Application, ApplicationLimits, Catalogue
from bailiwick.idm.rules.limits import Limits

# The key of a file -> the field of the application's limits, and of the deployment's.
NUMBERS = {
    "inactive_after_days": ("inactive_after", "inactive_after"),
    "removed_after_days": ("removed_after", "removed_after"),
    "certification_every_days": ("certification_every", "certification_every"),
    "request_expires_after_days": ("request_expires_after", "request_expires"),
}
NAMES = {
    "inactive_after_days": "a role becomes inactive after",
    "removed_after_days": "a role that nobody uses ends after",
    "certification_every_days": "a role is certified again within",
    "request_expires_after_days": "a request expires after",
}
MOST_DAYS = 3650


class PolicyError(MistakesError):
    """The policy file holds mistakes; `mistakes` lists them all."""


@dataclass(frozen=True)
class Policy:
    """What to put in the place of the numbers in force: key of a file -> days. Empty: nothing."""

    deployment: Mapping[str, int] = field(default_factory=dict)
    applications: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def limits(self, before: Limits) -> Limits:
        """The deployment's numbers under this policy. Warnings stay as long before the day on which a role rests (I-3)."""
        changed: dict[str, Any] = {
            NUMBERS[key][1]: timedelta(days=days) for key, days in self.deployment.items()
        }
        after = replace(before, **changed)
        earlier = before.inactive_after - after.inactive_after
        warnings = (warning - earlier for warning in before.inactivity_warnings)
        return replace(after, inactivity_warnings=tuple(one for one in warnings if one > timedelta()))

    def application(self, before: Application) -> Application:
        """The application under this policy."""
        named = self.applications.get(before.code, {})
        changed = {NUMBERS[key][0]: timedelta(days=days) for key, days in named.items()}
        return replace(before, limits=replace(before.limits, **changed))

    def file(self, code: str, text: str) -> str:
        """An application's file as it would be written under this policy."""
        lines, places = text.splitlines(), lines_of(text)
        new = []
        for key, days in self.applications.get(code, {}).items():
            if ("limits", key) in places:
                lines[places["limits", key] - 1] = f"{key} = {days}"
            else:
                new.append(f"{key} = {days}")
        if ("limits",) in places:
            begin = places["limits",]
            return "\n".join([*lines[:begin], *new, *lines[begin:], ""])
        return "\n".join([*lines, *(["", "[limits]", *new] if new else []), ""])


def read(path: Path, catalogue: Catalogue) -> Policy:
    """The policy of a file. Raises PolicyError with every mistake, OSError where it cannot be read."""
    file = TomlFile(path)
    codes = {application.code for application in catalogue.applications}
    for name in file.data:
        if name not in {"deployment", "applications"}:
            file.wrong((name,), f"“{name}” is not known here; known are: deployment, applications.")
    deployment = _numbers(file, ("deployment",), file.data.get("deployment", {}))
    tables = file.data.get("applications", {})
    if not isinstance(tables, dict):
        file.wrong(("applications",), "“applications” is a table.")
        tables = {}
    for code in tables:
        if code not in codes:
            file.wrong(
                ("applications", code),
                f"There is no application “{code}”; there are: {', '.join(sorted(codes))}.",
            )
    applications = {code: _numbers(file, ("applications", code), table) for code, table in tables.items()}
    if file.mistakes:
        raise PolicyError("policy's numbers", sorted(file.mistakes))
    return Policy(deployment, applications)


def _numbers(file: TomlFile, place: tuple[str, ...], table: Any) -> dict[str, int]:
    if not isinstance(table, dict):
        file.wrong(place, f"“{place[-1]}” is a table.")
        return {}
    found = {}
    for key, days in table.items():
        if key not in NUMBERS:
            file.wrong((*place, key), f"“{key}” is not known here; known are: {', '.join(NUMBERS)}.")
        elif isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
            file.wrong((*place, key), f"“{key}” is a whole number of days, 1 to {MOST_DAYS}.")
        else:
            found[key] = days
    return found


def effective(limits: Limits, application: ApplicationLimits) -> dict[str, int]:
    """What holds in an application, in days: of each number the stricter of the two."""
    return {
        key: min(getattr(limits, deployments), getattr(application, own)).days
        for key, (own, deployments) in NUMBERS.items()
    }


def changes(
    before: tuple[Limits, Application], after: tuple[Limits, Application]
) -> Iterator[tuple[str, int, int]]:
    """(what, days before, days after) of every number that really changes in an application."""
    old, new = (effective(limits, application.limits) for limits, application in (before, after))
    return ((NAMES[key], old[key], new[key]) for key in NUMBERS if old[key] != new[key])
