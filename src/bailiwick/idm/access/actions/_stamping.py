"""The stamp of a sign-in. No act of its own: the code exchange that it belongs to is on the ledger."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.db.models import DateTimeField, Q, UUIDField

from bailiwick.ground.statements import Update
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import rests_not, spans_of, today
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.grants import Spans

# Of a role that is used, or given back: the steps towards resting come again (I-3).
BEGIN_ANEW = {"inactivity_noted": 0, "inactivity_told": 0}
# Of one that ended by itself, as it is written down: who is to hear of it has not yet.
UNTOLD = {"holder_knows_end": False, "deciders_know_end": False}
# Of one that is given back: nobody has to hear of its end any more.
GIVEN_BACK = {**BEGIN_ANEW, "holder_knows_end": True, "deciders_know_end": True}


def stamp_sign_in(*, account: Account, application: str, now: datetime) -> int:
    """Note an interactive sign-in to the application (I-1). One UPDATE; a grant that rests is not woken by it (I-4).

    A later one that is noted already stays: a clock that was set back takes no use away (AR09).
    """
    described = catalogue().application(application)
    return _stamp(described, today(now), spans_of(described))(account=account.pk, now=now)


def stamp_sign_ins(*, accounts: Collection[UUID], application: str, now: datetime) -> set[UUID]:
    """The same of many at one instant, as a set: for days that are simulated. The accounts of those whose role rests not."""
    rows = Grant.objects.filter(rests_not(catalogue().application(application), now), account__in=accounts)
    awake = set(rows.values_list("account", flat=True))
    rows.update(last_sign_in_at=now, **BEGIN_ANEW)
    return awake


@lru_cache(maxsize=64)
def _stamp(described: Application, day: datetime, _spans: Spans) -> Update:
    """Made once a day: what rests not is asked by whole days (docs/rules.md, "Days")."""
    return Update(
        lambda account, now: (
            Grant.objects.filter(
                Q(last_sign_in_at__isnull=True) | Q(last_sign_in_at__lt=now),
                rests_not(described, day),
                account=account,
            ),
            {"last_sign_in_at": now, **BEGIN_ANEW},
        ),
        account=UUIDField(),
        now=DateTimeField(),
    )
