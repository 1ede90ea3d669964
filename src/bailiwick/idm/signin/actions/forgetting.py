"""Dropping what no longer counts: failures out of their window, codes and ladders of yesterday."""

from datetime import datetime, timedelta

from django.conf import settings

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.recovering import RecoveryState
from bailiwick.idm.rules.resetting import LinkState
from bailiwick.idm.signin.actions.attempts import Door, limits_of
from bailiwick.idm.signin.ladders import OPEN_LADDERS
from bailiwick.idm.signin.models import (
    Authenticator,
    FormerAnswer,
    FormerPassword,
    OneTimeCode,
    PasskeyChallenge,
    Password,
    PasswordPath,
    PhoneFactor,
    Recovery,
    RecoverySheet,
    ResetLink,
    SecurityAnswer,
    UserIdAsked,
)

DAY = timedelta(days=1)


def forget_old(*, now: datetime) -> None:
    """Delete counters and codes that decide nothing any more. A suspended path stays (S-5)."""
    for door in Door:
        limits = limits_of(door)
        lapsed = now - limits.failure_window - limits.lock_time
        idle = PasswordPath.objects.filter(door=door, touched_at__lte=lapsed)
        idle.filter(refused__lt=limits.failures_while_locked).delete()
    Recovery.objects.filter(expires_at__lte=now - DAY).delete()
    UserIdAsked.objects.filter(asked_at__lte=now - DAY).delete()
    OneTimeCode.objects.filter(expires_at__lte=now - DAY).delete()
    PasskeyChallenge.objects.filter(expires_at__lte=now).delete()
    # A sign-in is disowned for so long; the account that waits for its recovery needs the answer still (S-9).
    undisputed = FormerAnswer.objects.filter(replaced_at__lte=now - settings.LIMITS.disowning_link_life - DAY)
    undisputed.filter(account__frozen_at=None).delete()
    for model in (Authenticator, PhoneFactor, RecoverySheet):
        model.objects.filter(confirmed_at=None, added_at__lte=now - DAY).delete()


def forget_secrets(*, account: Account, now: datetime) -> None:  # noqa: ARG001 - the shape of every action
    """Drop password and answer of an account that was discarded (R-5). Call it in the transaction that does so."""
    for model in (Password, FormerPassword, SecurityAnswer, FormerAnswer):
        model.objects.filter(account=account).delete()


def void_ways_back(account: Account) -> None:
    """No link and no ladder that was begun before leads any further: password or mailbox are others since (P-7, AX10)."""
    ResetLink.objects.filter(account=account, state=LinkState.LIVE).update(state=LinkState.VOID)
    begun = Recovery.objects.filter(account=account, state__in=OPEN_LADDERS)
    begun.update(state=RecoveryState.VOID)
