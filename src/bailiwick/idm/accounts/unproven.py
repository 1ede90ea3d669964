"""Accounts that nobody ever signed in to: when they are over (R-5). Reads only."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.days import oldest_still_within


def accounts_to_discard(*, now: datetime, most: int) -> list[Account]:
    """Accounts that nobody signed in to for as long as they are kept (R-5), the oldest first."""
    return list(unproven_too_long(now=now).order_by("created_at")[:most])


def unproven_too_long(*, now: datetime) -> QuerySet[Account]:
    """Accounts at day 14 without any sign-in: over, whether or not a job has discarded them yet (R-5, I-2)."""
    return Account.objects.filter(
        state=AccountState.ACTIVE, first_signed_in_at=None, created_at__lt=_oldest_unproven(now)
    )


def is_over(account: Account, *, now: datetime) -> bool:
    """Whether nobody signed in to it in time (R-5), asked of the row at hand."""
    return account.first_signed_in_at is None and account.created_at < _oldest_unproven(now)


def _oldest_unproven(now: datetime) -> datetime:
    return oldest_still_within(now, settings.LIMITS.unproven_account_life, ZoneInfo(settings.TIME_ZONE))
