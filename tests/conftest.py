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


def pytest_collection_modifyitems(items):
    """Tests that need real transactions empty every table afterwards: they are the slow ones, said once here."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if (mark and mark.kwargs.get("transaction")) or "transactional_db" in getattr(
            item, "fixturenames", ()
        ):
            item.add_marker("slow")
