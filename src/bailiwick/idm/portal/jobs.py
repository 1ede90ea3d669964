"""Forgets what is older than an inbox keeps, and what notices said that were sent long ago (N-2)."""

from datetime import datetime

from django.conf import settings

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.ground.outbox import inbox
from bailiwick.ground.outbox.forgetting import forget_contents


def forget_letters(now: datetime) -> None:
    inbox.forget_older_than(now - settings.LIMITS.inbox_kept)


PERIODICS = [
    Periodic(name="portal.forget-letters", cron="50 3 * * *", run=forget_letters),
    Periodic(name="outbox.forget-contents", cron="27 * * * *", run=forget_contents),
]
