"""The stamp of a sign-in. No act of its own: the code exchange that it belongs to is on the ledger."""

from datetime import datetime

from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import rests_not
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue


def stamp_sign_in(*, account: Account, application: str, now: datetime) -> int:
    """Note an interactive sign-in to the application (I-1). One UPDATE; a grant that rests is not woken by it (I-4)."""
    counting = rests_not(catalogue().application(application), now)
    return Grant.objects.filter(counting, account=account).update(last_sign_in_at=now)
