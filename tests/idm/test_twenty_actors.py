"""Whatever twenty people of every role do, the invariants hold; in this process, and over a socket with IDM's own server."""

import os
from collections import Counter
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db.models import Max
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from bailiwick.ground.ledger.models import Entry
from tests.idm.actors import TwentyActors
from tests.idm.build_cast import cast
from tests.idm.build_oidc import Application, forget_catalogue, use_keys
from tests.idm.build_server import served
from tests.thorough import IS_THOROUGH, whole

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("BAILIWICK_FAULTS_SEED", "1"))
WALKS, STEPS = whole(101, part=5), 100
# The first walk of any is the simplest that can be drawn, and next to nothing happens in it.
WALKS_OVER_A_SOCKET, STEPS_OVER_A_SOCKET = whole(101, part=2), whole(100, part=50)
# What a few hundred steps come by whatever is drawn; ten thousand come by all of it.
USUAL = ("asked", "entered", "removed", "suspend", "pending to approved, entitled")
EXPECTED = (*USUAL, "decided among many") if IS_THOROUGH else USUAL


class OverASocket(TwentyActors):
    """What is written is written: the next walk begins from an empty database."""

    def begin(self) -> None:
        """Everything is there already, and committed."""

    def forget(self) -> None:
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def applications(tmp_path, settings):
    settings.APPLICATION_VALUES = dict(settings.APPLICATION_VALUES)
    known = {name: Application(name) for name in ("spot", "almanac")}
    use_keys(tmp_path, *known.values())
    yield known
    forget_catalogue()


@pytest.mark.django_db
def test_whatever_twenty_people_do_the_invariants_hold(applications):
    """No self-decision, no double decision, no grant without its chain, nobody stranded, nothing seen across. [Q-4, Q-5, Q-8, G-7, H-1]"""
    everybody, happened = cast(), Counter()
    walk(lambda: TwentyActors(everybody, applications, happened), WALKS, STEPS)
    assert not [what for what in EXPECTED if not happened[what]], happened
    assert happened["pending to pending, not entitled"] > WALKS, happened


@pytest.mark.django_db(transaction=True)
def test_twenty_people_walk_over_a_socket(applications, tmp_path):
    """The same with a server of its own behind a socket, which checks tokens, cookies and, on PostgreSQL, the second wall. [Q-4, Q-5, Q-8, G-7, H-1]"""
    happened = Counter()
    with served(tmp_path) as server:

        def begun() -> OverASocket:
            last = Entry.objects.aggregate(Max("pk"))["pk__max"] or 0
            walking = OverASocket(cast(server.browser), applications, happened)
            walking.post, walking.ledger_after = server.post, last
            return walking

        walk(begun, WALKS_OVER_A_SOCKET, STEPS_OVER_A_SOCKET)
    wanted = EXPECTED if IS_THOROUGH else ("asked", "entered")
    assert not [what for what in wanted if not happened[what]], happened


def walk(begun: Callable[[], TwentyActors], walks: int, steps: int) -> None:
    """That many times begun, each for that many steps, drawn from the seed of the run."""
    run_state_machine_as_test(
        seeded(SEED)(begun),
        settings=settings(
            max_examples=walks,
            stateful_step_count=steps,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
            deadline=None,
            database=None,
        ),
    )
