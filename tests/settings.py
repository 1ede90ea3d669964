"""Which program's Django settings a test process runs under, and the surroundings that those settings read.

One process, one settings module: `pytest tests/idm` and `pytest tests/spot` are two commands. SQLite files in a
directory of the process's own, unless IDM_DATABASE_URL, SPOT_DATABASE_URL or BUREAU_DATABASE_URL say otherwise.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

PORTS = {"idm": 8000, "spot": 8001, "bureau": 8002}
PROGRAM_VARIABLE = "BAILIWICK_TEST_PROGRAM"


def use_program(name: str) -> None:
    """Load the settings of that program for this test process, or explain why it is too late."""
    module = f"bailiwick.{name}.site.settings"
    chosen = os.environ.get("DJANGO_SETTINGS_MODULE", module)
    if chosen != module:
        raise pytest.UsageError(
            f"This process runs under {chosen}; the tests of {name} need {module}. "
            f"Run them by themselves: pytest tests/{name}"
        )
    os.environ["DJANGO_SETTINGS_MODULE"] = module
    for key, value in surroundings(name).items():
        os.environ.setdefault(key, value)
    from django.conf import settings

    from bailiwick.ground.vault.cost import Cost

    # A quarter of these tests' time was Argon2id. What it costs in earnest is held by tests/house and the journeys.
    settings.ARGON2 = Cost(passes=1, memory_kib=64)
    # Read twice a minute by whichever page comes then: the tests that count statements would count it now and then.
    settings.ANNOUNCEMENTS = ""
    # Else every test client, and there are thousands, would list all files of all programs anew.
    settings.WHITENOISE_AUTOREFRESH = True
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # As on the private PostgreSQL: tests lose nothing when the machine stops, and need not wait for its disk.
        command = database["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        database["OPTIONS"] = database["OPTIONS"] | {"init_command": command}


def surroundings(name: str) -> dict[str, str]:
    """The environment of one program under test: a development world in a directory that goes with the process."""
    directory = Path(tempfile.mkdtemp(prefix=f"bailiwick-test-{name}-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    prefix = name.upper()
    own = {"BUREAU_KEY": f"idm:{'test-' * 8}"} if name == "bureau" else {}
    return own | {
        f"{prefix}_DEVELOPMENT": "true",
        f"{prefix}_STATE_DIRECTORY": str(directory),
        f"{prefix}_BASE_URL": f"http://localhost:{PORTS[name]}",
        f"{prefix}_EXTRA_HOSTS": "testserver,127.0.0.1",
    }
