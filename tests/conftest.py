"""What every test process shares: its speed settings, and the checks that hold for all."""

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

# Two busy cores are no reason for a red run: deadlines measure the machine, not the code.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
# Rows and pages come and go by the hundred thousand in a test process, and next to none of it hangs together in rings.
GARBAGE_AFTER = 50_000
# Set where another process runs the same tests on the other engine: what touches no row is left to that one.
ROWS_ONLY = "BAILIWICK_TEST_ROWS_ONLY"
PROGRAMS = ("idm", "spot")


@pytest.fixture(autouse=True, scope="session")
def plain_environment():
    """No proxy stands between a test and the programs on this machine."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        os.environ.pop(name, None)
    os.environ["NO_PROXY"] = "*"


def pytest_collection_modifyitems(config, items):
    """What the engine at hand has nothing of is not collected; tests of real transactions are slow, said once here."""
    elsewhere = [
        item for item in items if (mark := item.get_closest_marker("only_on")) and not _is_here(*mark.args)
    ]
    if os.environ.get(ROWS_ONLY):
        elsewhere += [item for item in items if not _touches_rows(item) and item not in elsewhere]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    for item in items:
        mark = item.get_closest_marker("django_db")
        if (mark and mark.kwargs.get("transaction")) or "transactional_db" in getattr(
            item, "fixturenames", ()
        ):
            item.add_marker("slow")


def pytest_collection_finish(session):
    """What was loaded and collected stays for good: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, 20, 50)


def _touches_rows(item) -> bool:
    """Whether a program's test may: pytest-django refuses the database to any other. The ground's are dealt out by the legs."""
    wants = {"db", "transactional_db", "live_server", "django_db_setup"}
    is_program = item.path.parent.name in PROGRAMS
    return not is_program or bool(item.get_closest_marker("django_db") or wants & set(item.fixturenames))


def _is_here(engine: str) -> bool:
    from django.db import connection

    return connection.vendor == engine
