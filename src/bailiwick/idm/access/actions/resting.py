"""Roles on their way to resting (I-3): each step is written down when it is due, and told from what is written.

Nothing rests because of this: that is computed (I-2). A step is due once a period of activity, so a round that comes ten
days late writes the last one only, and its holder hears once. A sign-in to the application begins anew (`stamp_sign_in`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from bailiwick.ground.ledger import By
from bailiwick.idm.access.actions._stamping import BEGIN_ANEW
from bailiwick.idm.access.actions.endings import append_of_grants, in_pieces
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import (
    active_since,
    codes_of,
    desks_and_others,
    is_open_place,
    is_within_its_days,
    spans_of,
    zone,
)
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.catalogue import Application, Standing
from bailiwick.idm.rules.days import oldest_still_within
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.reactivation import steps_from


def note_inactivity(*, by: By, now: datetime) -> int:
    """Write down who has come a step nearer to resting, or rests. Returns how many roles; `tell_owed` tells their holders."""
    return sum(_note_in(application, by=by, now=now) for application in catalogue().applications)


def _note_in(application: Application, *, by: By, now: datetime) -> int:
    begun = steps_from(spans_of(application), settings.LIMITS, now=now, zone=zone())
    desks = codes_of(application, [Standing.DESK])
    if desks:
        _begin_anew(application, desks, begun[0])
    done = 0
    for step, keys in _due(application, begun, now).items():
        since = begun[step - 1]
        # By columns of the grant alone: that is what a database asks again of a row it had to wait for.
        still = Q(inactivity_noted__lt=step, ended_at__isnull=True)
        still &= Q(last_sign_in_at__isnull=True) | Q(last_sign_in_at__lt=since)
        deed = Deed.GRANT_RESTS if step == len(begun) else Deed.GRANT_NEARS_REST
        for some in in_pieces(keys):
            done += _note(step, deed, still, some, by=by, now=now)
    return done


def _begin_anew(application: Application, desks: Sequence[str], since: datetime) -> None:
    """Desk roles are used in IDM, where nobody stamps them: what was noted of them before their last use is over (I-1)."""
    noted = Grant.objects.filter(
        application=application.code, role__in=desks, ended_at__isnull=True, inactivity_noted__gt=0
    )
    used = noted.filter(active_since(since, [application])).values("pk")
    Grant.objects.filter(pk__in=used).update(**BEGIN_ANEW)


def _due(application: Application, begun: Sequence[datetime], now: datetime) -> dict[int, list[UUID]]:
    """The roles that are owed a step, by the latest step that is due for them."""
    found: dict[int, list[UUID]] = defaultdict(list)
    kept_since = oldest_still_within(now, spans_of(application).removed_after, zone())
    for here, active in desks_and_others(application):
        left = here & is_within_its_days(now) & active(kept_since) & is_open_place()
        rows = Grant.objects.filter(left, account__state=AccountState.ACTIVE)
        for key, step in _owed(rows, [active(since) for since in begun]):
            found[step].append(key)
    return found


def _owed(rows: QuerySet[Grant], used: Sequence[Q]) -> Iterable[tuple[UUID, int]]:
    """Each with the latest step: the last of which it cannot be said that the role was `used` since."""
    steps = list(enumerate(used, start=1))
    owed = reduce(or_, (Q(inactivity_noted__lt=step) & ~one for step, one in steps))
    latest = [When(~one, then=Value(step)) for step, one in reversed(steps)]
    reached = Case(*latest, default=Value(0), output_field=IntegerField())
    return rows.filter(owed).order_by("pk").annotate(reached=reached).values_list("pk", "reached")


def _note(step: int, deed: Deed, still: Q, keys: Sequence[UUID], *, by: By, now: datetime) -> int:
    """All of them, or none: where somebody signed in meanwhile, once more without theirs."""
    while keys:
        rows = Grant.objects.filter(still, pk__in=keys)
        with transaction.atomic():
            if rows.update(inactivity_noted=step) == len(keys):
                mine = Grant.objects.filter(pk__in=keys)
                append_of_grants(deed, mine, outcome="done", by=by, now=now)
                return len(keys)
            transaction.set_rollback(True)
        keys = list(rows.values_list("pk", flat=True))
    return 0
