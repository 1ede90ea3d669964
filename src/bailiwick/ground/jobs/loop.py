"""The worker of a program: pull what is due, run periodic jobs, outlive a database that goes away.

Every pull and every job may be killed at any point and run again: they are idempotent by contract.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from cronsim import CronSim
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections, transaction
from django.utils import timezone

from bailiwick.ground.jobs.models import Tick

logger = structlog.get_logger(__name__)

LEASE = timedelta(minutes=10)
QUIET_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 5.0
SCHEDULE_SECONDS = 5.0


@dataclass(frozen=True)
class Periodic:
    """A job and when it is due. `cron` is read in the deployment's time zone; `run` gets the instant it was started."""

    name: str
    cron: str
    run: Callable[[datetime], None]


Pull = Callable[[datetime], int]


def work(
    *,
    pulls: Sequence[Pull],
    periodic: Sequence[Periodic],
    clock: Callable[[], datetime],
    stop: threading.Event,
) -> None:
    """Run until `stop` is set. A pull returns how much it did; while it does something it is asked again at once."""
    pause = QUIET_SECONDS
    schedule_due = clock()
    while not stop.is_set():
        try:
            done = sum(pull(clock()) for pull in pulls)
            if clock() >= schedule_due:
                run_due(periodic, clock())
                schedule_due = clock() + timedelta(seconds=SCHEDULE_SECONDS)
            pause = QUIET_SECONDS
        except DatabaseError as error:
            logger.warning("the database did not answer", error=type(error).__name__)
            connections.close_all()
            done, pause = 0, min(pause * 2, LONGEST_PAUSE_SECONDS)
        if not done:
            stop.wait(pause)
    connections.close_all()


def run_due(periodic: Sequence[Periodic], now: datetime) -> None:
    """Run each job whose time has come. A job that missed several times runs once."""
    for job in periodic:
        if _lease(job, now):
            _run(job, now)


def _lease(job: Periodic, now: datetime) -> bool:
    with transaction.atomic():
        tick, created = Tick.objects.select_for_update().get_or_create(
            name=job.name, defaults={"last_run_at": now}
        )
        local = timezone.localtime(tick.last_run_at)
        # A run, or a lease, that lies in the future is of a clock that was set back since: it holds up nothing.
        is_late = tick.last_run_at > now or next(CronSim(job.cron, local)) <= timezone.localtime(now)
        is_due = created or is_late
        is_held = tick.leased_until is not None and now < tick.leased_until <= now + LEASE
        if not is_due or is_held:
            return False
        tick.leased_until = now + LEASE
        tick.save(update_fields=["leased_until"])
        return True


def _run(job: Periodic, now: datetime) -> None:
    try:
        job.run(now)
    except (InterfaceError, OperationalError):
        raise
    except Exception:  # what the database refuses to store, too: it is there, and the job is wrong
        logger.exception("job failed", job=job.name)
        Tick.objects.filter(name=job.name).update(leased_until=now + timedelta(minutes=1))
        return
    Tick.objects.filter(name=job.name).update(last_run_at=now, leased_until=None)


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set: the loop then finishes what it holds and returns."""
    import signal

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    logger.info("worker started", program=settings.PROGRAM)
    return stop
