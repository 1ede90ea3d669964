"""What every test process shares: its speed settings, and the checks that hold for all."""

import os

import pytest
from hypothesis import HealthCheck, settings

# Two busy cores are no reason for a red run: deadlines measure the machine, not the code.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


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
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]
    for item in items:
        mark = item.get_closest_marker("django_db")
        if (mark and mark.kwargs.get("transaction")) or "transactional_db" in getattr(
            item, "fixturenames", ()
        ):
            item.add_marker("slow")


def _is_here(engine: str) -> bool:
    from django.db import connection

    return connection.vendor == engine
