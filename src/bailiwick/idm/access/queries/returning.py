"""How roles that rest come back (I-4): what each waits for next, and until when."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings

from bailiwick.idm.access.queries.authority import spans_of, zone
from bailiwick.idm.access.queries.grants import GrantLine, facts_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.grants import GrantState
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
            limits=settings.LIMITS,
            zone=zone(),
        )
        for line in resting
    }
    return {key: way for key, way in found.items() if way is not None}


def nearest(ways: Iterable[WayBack]) -> WayBack | None:
    """The one that has the fewest steps left; of those, the one that ends first."""
    order = list(reversed(ComeBack))
    return min(ways, key=lambda way: (order.index(way.next), way.until), default=None)
