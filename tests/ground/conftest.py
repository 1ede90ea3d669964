"""The ground is tested under IDM's settings and again under SPOT's; see tests/settings.py."""

import os

from tests.settings import PROGRAM_VARIABLE, use_program

use_program(os.environ.get(PROGRAM_VARIABLE, "idm"))
