"""Every key of IDM's ring is changed under the running programs, the command killed on the way, while people sign in."""

import json
import random
import subprocess
import sys
import time

import pytest

from tests.faults import steps

pytestmark = pytest.mark.slow
NAMES = ("pii", "digest", "ssn", "outbox", "pepper")
KILLS = 2


def rotate_until_killed(world, name: str, seconds: float) -> None:
    """SIGKILL to `bailiwick idm keys rotate`, wherever it is by then."""
    command = [sys.executable, "-m", "bailiwick.command", "idm", "keys", "rotate", name]
    process = subprocess.Popen(
        command,
        env=world.programs.world.environment("idm"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(seconds)
    process.kill()
    process.wait()


def ring_of(world) -> dict:
    return json.loads((world.programs.world.directory / "idm-keys.json").read_text())


def test_all_keys_change_under_the_programs_and_nobody_notices(world, newcomer):
    """Killed and repeated, each change ends; people register and sign in meanwhile and afterwards, the old keys gone. [L-4]"""
    before = world.person(newcomer())
    steps.register(before)
    steps.sign_in(before)
    steps.add_authenticator(before)
    lots = random.Random(5)
    for name in NAMES:
        for _ in range(KILLS):
            rotate_until_killed(world, name, lots.uniform(0.3, 6))
        meanwhile = world.person(newcomer())
        steps.register(meanwhile)
        world.programs.manage("idm", "keys", "rotate", name)
        steps.sign_in(meanwhile)
        assert ring_of(world)[name]["current"] != "1"
    world.start_what_is_down()
    world.wait_until_delivered()
    for name in ("pii", "ssn", "outbox"):
        for identifier in list(ring_of(world)[name]["keys"])[:-1]:
            world.programs.manage("idm", "keys", "retire", name, identifier)
        assert len(ring_of(world)[name]["keys"]) == 1
    world.restart("idm")
    steps.sign_out(before)
    steps.sign_in(before)
    assert steps.path(before) == "/home/"
