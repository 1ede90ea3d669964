"""These tests run under the settings of one program; see tests/settings.py."""

from tests.settings import use_program

use_program("idm")
