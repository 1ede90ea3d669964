"""Dropping what no longer counts: failures out of their window, codes of yesterday."""

from datetime import datetime, timedelta

from django.conf import settings

from bailiwick.idm.signin.models import OneTimeCode, PasswordPath

DAY = timedelta(days=1)


def forget_old(*, now: datetime) -> None:
    """Delete counters and codes that decide nothing any more. A suspended path stays (S-5)."""
    limits = settings.LIMITS
    lapsed = now - limits.failure_window - limits.lock_time
    PasswordPath.objects.filter(touched_at__lte=lapsed, refused__lt=limits.failures_while_locked).delete()
    OneTimeCode.objects.filter(expires_at__lte=now - DAY).delete()
