"""Forgets what is older than an inbox keeps (N-2)."""

from datetime import datetime

from django.conf import settings

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.outbox import inbox


def forget_letters(now: datetime) -> None:
    inbox.forget_older_than(now - settings.LIMITS.inbox_kept)


PERIODICS = [Periodic(name="portal.forget-letters", cron="50 3 * * *", run=forget_letters)]
