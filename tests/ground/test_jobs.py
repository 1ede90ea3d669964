"""Periodic jobs run when due, once, and catch up once."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError

from bailiwick.ground.jobs.loop import LEASE, Periodic, run_due, work
from bailiwick.ground.jobs.models import Tick
from bailiwick.ground.program import clock

pytestmark = pytest.mark.django_db


def test_a_job_runs_when_due_and_not_again_before():
    """Two rounds in one minute run a job of the minute once. [I-2]"""
    runs, now = [], clock.now().replace(second=5)
    job = Periodic("test-once", "* * * * *", runs.append)
    run_due([job], now)
    run_due([job], now + timedelta(seconds=10))
    assert len(runs) == 1
    run_due([job], now + timedelta(minutes=1))
    assert len(runs) == 2


def test_a_job_ten_days_late_runs_once():
    """Missed times are caught up by one run. [I-2]"""
    runs, now = [], clock.now()
    job = Periodic("test-late", "0 3 * * *", runs.append)
    Tick.objects.create(name=job.name, last_run_at=now - timedelta(days=10))
    run_due([job], now)
    run_due([job], now + timedelta(seconds=1))
    assert len(runs) == 1


def test_a_clock_that_was_set_back_holds_up_no_job():
    """Neither by the run nor by the lease of days that have yet to come; once, as ever. [I-2, AR09]"""
    runs, now = [], clock.now()
    job = Periodic("test-back", "* * * * *", runs.append)
    ahead = now + timedelta(days=900)
    Tick.objects.create(name=job.name, last_run_at=ahead, leased_until=ahead)
    run_due([job], now)
    run_due([job], now + timedelta(seconds=1))
    assert runs == [now]


def test_a_job_that_another_worker_holds_is_left_alone_until_its_lease_ends():
    """Two workers do not run one job at once; a dead one's job is taken over. [I-2]"""
    runs, now = [], clock.now()
    job = Periodic("test-held", "* * * * *", runs.append)
    Tick.objects.create(name=job.name, last_run_at=now - timedelta(days=1), leased_until=now + LEASE)
    run_due([job], now)
    assert runs == []
    run_due([job], now + LEASE + timedelta(seconds=1))
    assert len(runs) == 1


@pytest.mark.parametrize("error", [ValueError, IntegrityError])
def test_a_job_that_fails_is_tried_again_and_does_not_stop_the_others(error):
    """One broken job costs only itself, be it that the database refuses what it writes. [I-2]"""
    runs, now = [], clock.now()

    def broken(_now):
        raise error

    run_due(
        [Periodic("test-broken", "* * * * *", broken), Periodic("test-fine", "* * * * *", runs.append)], now
    )
    assert len(runs) == 1
    assert Tick.objects.get(name="test-broken").leased_until > now


def test_the_worker_outlives_a_database_that_goes_away_for_a_moment():
    """After an error it goes on pulling. [N-1]"""
    stop, pulls = threading.Event(), []

    def pull(_now):
        pulls.append(1)
        if len(pulls) == 1:
            raise OperationalError
        stop.set()
        return 0

    work(pulls=[pull], periodic=[], clock=clock.now, stop=stop)
    assert len(pulls) == 2
