"""Whether, and on what terms, a person enters an application (O-1, O-2, S-1). Pure; the doors are protocols/oidc."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bailiwick.idm.rules.limits import Limits
from bailiwick.wire.claims import ACR_ORDER, satisfies


class Refusal(StrEnum):
    """Why a token was not given; for the ledger, the application only hears the protocol's word."""

    CODE_USED = "code_used"
    CODE_TOO_OLD = "code_too_old"
    TOKEN_REUSED = "refresh_token_reused"
    NO_GRANT = "no_active_grant"
    SESSION_OVER = "application_session_over"


class Entry(StrEnum):
    """What happens next to a person at an application's door."""

    ENTERS = "enters"
    SIGNS_IN = "signs_in"
    VERIFIES = "verifies"
    STRENGTHENS = "strengthens"
    HAS_NO_ACCESS = "has_no_access"


@dataclass(frozen=True)
class Visit:
    """Who stands at the door, and what the application wants of them.

    `verified_at`: when the person last passed a factor; None while nobody is signed in. `asked_at`: when this very
    request was first made. `levels`: any of them suffices; empty asks for none.
    """

    verified_at: datetime | None
    acr: str
    asked_at: datetime
    wants_fresh: bool
    max_age: timedelta | None
    levels: tuple[str, ...]
    minimum: str
    has_access: bool


def entry_of(visit: Visit, *, now: datetime) -> Entry:
    """The first thing that stands in the way; nothing does: the person enters."""
    if visit.verified_at is None:
        return Entry.SIGNS_IN
    was_since = visit.asked_at <= visit.verified_at <= now
    if not was_since and (visit.wants_fresh or _is_too_long_ago(visit.verified_at, visit.max_age, now)):
        return Entry.VERIFIES
    if not visit.has_access:
        return Entry.HAS_NO_ACCESS
    return Entry.ENTERS if is_strong_enough(visit.acr, visit.minimum, visit.levels) else Entry.STRENGTHENS


def _is_too_long_ago(verified_at: datetime, max_age: timedelta | None, now: datetime) -> bool:
    """Also where it lies in the future: of a clock that was set back since, nobody knows how long ago it was."""
    return max_age is not None and not timedelta() <= now - verified_at <= max_age


def is_strong_enough(acr: str, minimum: str, levels: Iterable[str]) -> bool:
    """At least the application's minimum, and at least one of the levels that this request names, if any."""
    wanted = list(levels)
    return satisfies(acr, minimum) and (not wanted or any(satisfies(acr, level) for level in wanted))


def strictest(levels: Iterable[str]) -> str:
    """The highest of some levels."""
    return max(levels, key=ACR_ORDER.index)


def is_code_fresh(issued_at: datetime, *, now: datetime, limits: Limits) -> bool:
    """A code lives 60 seconds (ASVS 10.4.3)."""
    return issued_at <= now < issued_at + limits.authorization_code_life


@dataclass(frozen=True)
class FamilyFacts:
    """What decides whether tokens still mean something."""

    family_ended_at: datetime | None
    presence_ended_at: datetime | None
    session_ended_at: datetime | None
    expires_at: datetime
    is_account_active: bool


def is_family_live(facts: FamilyFacts, *, now: datetime) -> bool:
    """No end anywhere above the token, the account active, the 12 hours not over (O-5, AX15).

    Idle time at IDM does not count: the person works in the application, which has its own idle rule (S-8).
    """
    ends = (facts.family_ended_at, facts.presence_ended_at, facts.session_ended_at)
    return all(end is None for end in ends) and facts.is_account_active and now < facts.expires_at
