"""Read by every Python of the time travel at its start: `time.sleep` waits by the kernel's own clock.

Under libfaketime 0.9.10 with an untouched monotonic clock the call behind it, clock_nanosleep, fails with EINVAL.
"""

import select
import time


def sleep(seconds: float) -> None:
    """As `time.sleep`."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = sleep
