"""The stamp of a sign-in. No act of its own: the code exchange that it belongs to is on the ledger."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import DateTimeField, UUIDField

from bailiwick.ground.statements import Update
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import inactive_after, rests_not, today
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.rules.catalogue import Application


def stamp_sign_in(*, account: Account, application: str, now: datetime) -> int:
    """Note an interactive sign-in to the application (I-1). One UPDATE; a grant that rests is not woken by it (I-4)."""
    described = catalogue().application(application)
    return _stamp(described, today(now), inactive_after(described))(account=account.pk, now=now)


@lru_cache(maxsize=64)
def _stamp(described: Application, day: datetime, _inactive_after: timedelta) -> Update:
    """Made once a day: what rests not is asked by whole days (docs/rules.md, "Days")."""
    return Update(
        lambda account, now: (
            Grant.objects.filter(rests_not(described, day), account=account),
            {"last_sign_in_at": now},
        ),
        account=UUIDField(),
        now=DateTimeField(),
    )
