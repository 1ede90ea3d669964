"""Forgets devices that were not seen for as long as a browser keeps their cookie (S-9)."""

from datetime import datetime

from bailiwick.ground.jobs.loop import Periodic
from bailiwick.idm.sessions import actions


def forget_devices(now: datetime) -> None:
    actions.forget_devices(now=now)


PERIODICS = [Periodic(name="sessions.forget-devices", cron="40 3 * * *", run=forget_devices)]
