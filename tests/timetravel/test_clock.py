"""That the clock of these tests is the one that every program goes by."""

import time
import urllib.request
from datetime import timedelta
from email.utils import parsedate_to_datetime

NEAR = timedelta(seconds=5)


def test_every_program_jumps_at_once(era):
    """The servers and the database read the time of the test; the workers go on, and wait in real time. [I-2]"""
    era.clock.pass_time(days=1)
    for url in (era.programs.idm_url, era.programs.spot_url, era.programs.bureau_url):
        with urllib.request.urlopen(f"{url}/healthz", timeout=10) as answer:
            assert abs(parsedate_to_datetime(answer.headers["date"]) - era.clock.now()) < NEAR
    if not era.idm.is_sqlite:
        assert abs(era.idm.select("SELECT now() AS now")[0]["now"] - era.clock.now()) < NEAR
    started = time.monotonic()
    while not any(era.clock.now() - row["last_run_at"] < NEAR for row in era.idm.rows("jobs_tick")):
        assert time.monotonic() - started < 60, "IDM's worker did not run a job that was due"
        time.sleep(0.2)
