"""These tests run under the settings of one program; see tests/settings.py."""

import os

from tests.settings import use_program

# Two keys, as while a client changes its own.
os.environ.setdefault("BUREAU_KEY", f"idm-1:{'first-secret-' * 4},idm-2:{'second-secret-' * 4}")
use_program("bureau")
