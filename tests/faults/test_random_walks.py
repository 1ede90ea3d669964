"""Many people at once, and a kill every moment: nothing acknowledged is lost, nothing is done twice."""

import itertools
import os
import random

import pytest

from tests.faults.cast import MOST_PEOPLE, somebody
from tests.faults.walks import Walk

pytestmark = pytest.mark.slow

SECONDS = float(os.environ.get("BAILIWICK_FAULTS_SECONDS", "15"))
PEOPLE = int(os.environ.get("BAILIWICK_FAULTS_PEOPLE", "4"))
FIRST_WALKER = 100


def test_people_walk_through_kills_and_lose_nothing(world, record_testsuite_property):
    """Registering, asking, deciding, entering, removing, while servers, workers and PostgreSQL are killed. [N-1 Q-5 O-5]"""
    chance = random.Random()
    newcomers = (somebody(number) for number in itertools.count(FIRST_WALKER) if number < MOST_PEOPLE)
    walk = Walk(world, newcomers, seed=chance.randrange(2**32))
    walk.run(people=PEOPLE, seconds=SECONDS, pause=lambda: chance.uniform(0.5, 2.5))
    record_testsuite_property("walk", f"{walk.through} people, {walk.steps} requests, kills: {walk.kills}")
    assert not walk.errors, "\n".join(walk.errors[:3])
    assert walk.through >= PEOPLE
