"""How roles that rest come back (I-4): what each waits for next, and until when; and what became of one that is over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import spans_of, zone
from bailiwick.idm.access.queries.grants import GrantLine, ended_at, facts_of, role_of, why_it_ended
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.certification import last_day_to_restore
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import EndReason, GrantState
from bailiwick.idm.rules.reactivation import ComeBack, WayBack, way_back
from bailiwick.idm.signin.queries import password_set_at


def ways_back(account: Account, lines: Iterable[GrantLine], *, now: datetime) -> dict[UUID, WayBack]:
    """By grant, of those of the account's roles that rest. One statement, none where none rests."""
    resting = [line for line in lines if line.state is GrantState.INACTIVE]
    if not resting:
        return {}
    set_at = password_set_at(account)
    found = {
        line.grant.pk: way_back(
            facts_of(line.grant, line.role),
            set_at,
            now=now,
            spans=spans_of(line.application),
            zone=zone(),
        )
        for line in resting
    }
    return {key: way for key, way in found.items() if way is not None}


def nearest(ways: Iterable[WayBack]) -> WayBack | None:
    """The one that has the fewest steps left; of those, the one that ends first."""
    order = list(reversed(ComeBack))
    return min(ways, key=lambda way: (order.index(way.next), way.until), default=None)


@dataclass(frozen=True)
class RoleEnd:
    """How a role came to its end. `why`: a code of `rules.grants.EndReason`; `unused_days`: after how many it ends unused.

    `restorable_until`: while its certifier can still give it back, the last day of that (C-5).
    """

    at: datetime
    why: str
    unused_days: int
    restorable_until: date | None


def end_of(grant: Grant, *, now: datetime) -> RoleEnd:
    """Of a role that is over, as its holder is told."""
    why, application = why_it_ended(grant), role_of(grant.application, grant.role)[0]
    last = last_day_to_restore(grant.certify_by, settings.LIMITS.late_restore, grant.ends_on)
    is_in_time = why == EndReason.CERTIFICATION_MISSED and day_of(now, zone()) <= last
    return RoleEnd(
        at=ended_at(grant),
        why=why,
        unused_days=spans_of(application).removed_after.days,
        restorable_until=last
        if is_in_time and not (grant.organization and grant.organization.is_closed)
        else None,
    )
