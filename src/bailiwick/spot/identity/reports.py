"""What SPOT reads at IDM of its own organizations and roles (O-4): asked when somebody looks, kept nowhere.

Each raises UnansweredError where nothing can be concluded.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from bailiwick.spot.identity.calls import DeclinedError, provision
from bailiwick.spot.identity.http import UnansweredError

MOST_ORGANIZATIONS = 50
MOST_PAGES = 10_000
Made = TypeVar("Made")


@dataclass(frozen=True)
class HeldRecord:
    submitter_id: str
    version: int
    fingerprint: str


@dataclass(frozen=True)
class Finding:
    """What an organization's continuity lacks, the next step, and about whom (G-7), in IDM's words."""

    code: str
    sentence: str
    next_step: str
    people: tuple[str, ...]


@dataclass(frozen=True)
class Standing:
    """An organization as IDM tells it. `able`: who can decide there now; `waiting`: role requests."""

    submitter_id: str
    claimed_at: datetime
    approved_since: datetime | None
    able: tuple[str, ...]
    findings: tuple[Finding, ...]
    people: int
    waiting: int


@dataclass(frozen=True)
class Holder:
    """A role that somebody holds. `sign_in_by`, `certify_by`: days, "YYYY-MM-DD"."""

    user_id: str
    name: str
    role: str
    submitter_id: str
    legal_name: str
    state: str
    granted_at: datetime
    last_sign_in_at: datetime | None
    sign_in_by: str
    certify_by: str


def records_held(*, now: datetime) -> Iterator[HeldRecord]:
    """Every record that IDM holds of SPOT's, by submitter ID."""
    for record in _paged("enrollment-records", {}, "records", now=now):
        yield _made(
            lambda one: HeldRecord(str(one["submitter_id"]), int(one["version"]), one["fingerprint"]), record
        )


def holders(*, which: str, submitter_id: str = "", now: datetime) -> Iterator[Holder]:
    """Who holds SPOT's roles: `which` is all, inactive or uncertified. A page at a time, as far as they are read."""
    asked = {"which": which, **({"submitter_id": submitter_id} if submitter_id else {})}
    for grant in _paged("grants", asked, "grants", now=now):
        yield _made(_holder, grant)


def standings(submitter_ids: Sequence[str], *, now: datetime) -> dict[str, Standing]:
    """How these organizations stand, by submitter ID; those that nobody has claimed are left out."""
    found: dict[str, Standing] = {}
    for start in range(0, len(submitter_ids), MOST_ORGANIZATIONS):
        some = submitter_ids[start : start + MOST_ORGANIZATIONS]
        data = _asked("organizations", [("submitter_id", one) for one in some], now=now)
        told = [_made(_standing, one) for one in _listed(data, "organizations")]
        found |= {one.submitter_id: one for one in told if one.submitter_id in some}
    return found


def _paged(path: str, asked: dict[str, str], what: str, *, now: datetime) -> Iterator[Any]:
    after = ""
    for _page in range(MOST_PAGES):
        data = _asked(path, [*asked.items(), *([("after", after)] if after else [])], now=now)
        yield from _listed(data, what)
        came_from, after = after, str(data.get("next") or "")
        if not after or after == came_from:
            return


def _asked(path: str, query: list[tuple[str, str]], *, now: datetime) -> dict[str, Any]:
    try:
        return provision("GET", f"{path}?{urlencode(query)}", None, now=now).json()
    except DeclinedError as declined:
        raise UnansweredError(f"{path}: {declined.status} {declined.error}") from None


def _listed(data: dict[str, Any], what: str) -> list[Any]:
    found = data.get(what)
    if not isinstance(found, list):
        raise UnansweredError(f"no list of {what}")
    return found


def _made(make: Callable[[Any], Made], one: Any) -> Made:
    try:
        return make(one)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UnansweredError("an answer of another form") from None


def _standing(one: Any) -> Standing:
    findings = tuple(
        Finding(
            str(found["code"]),
            str(found["sentence"]),
            str(found["next_step"]),
            tuple(map(str, found["people"])),
        )
        for found in one["findings"]
    )
    return Standing(
        submitter_id=str(one["submitter_id"]),
        claimed_at=_instant(one["claimed_at"]),
        approved_since=_instant(one["approved_since"]) if one["approved_since"] else None,
        able=tuple(map(str, one["able"])),
        findings=findings,
        people=int(one["people"]),
        waiting=int(one["waiting"]),
    )


def _holder(one: Any) -> Holder:
    words = {
        name: str(one[name])
        for name in (
            "user_id",
            "name",
            "role",
            "submitter_id",
            "legal_name",
            "state",
            "sign_in_by",
            "certify_by",
        )
    }
    return Holder(
        granted_at=_instant(one["granted_at"]),
        last_sign_in_at=_instant(one["last_sign_in_at"]) if one["last_sign_in_at"] else None,
        **words,
    )


def _instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant without a zone")
    return found
