"""Random walks: people register, ask, are decided, work and are removed, all at once, while programs are killed.

People repeat what got no answer, as they would: the very same form, so that a repetition that counts twice is found.
"""

import random
import threading
import time
import traceback
from collections.abc import Callable, Iterator

from tests.faults import steps
from tests.faults.cast import Facts
from tests.faults.client import Person
from tests.faults.world import World

PROGRAMS = ("idm", "spot", "idm-worker", "spot-worker")
TRIES = 4
GRACE_SECONDS = 240


class Walk:
    """`people` at once for `seconds`; a new person comes when one is through. Errors and counts are kept for the test."""

    def __init__(self, world: World, newcomers: Iterator[Facts], *, seed: int) -> None:
        self.world, self.newcomers = world, newcomers
        self.chance = random.Random(seed)
        self.errors: list[str] = []
        self.kills: dict[str, int] = {}
        self.through = 0
        self.steps = 0
        self._lock = threading.Lock()
        self._deciding = threading.Lock()
        self._ends_at = 0.0

    def run(self, *, people: int, seconds: float, pause: Callable[[], float]) -> None:
        """Walk and kill, `pause()` seconds between kills; returns when everybody is through."""
        self._ends_at = time.monotonic() + seconds
        threads = [threading.Thread(target=self._come_and_go, daemon=True) for _ in range(people)]
        for thread in threads:
            thread.start()
        while time.monotonic() < self._ends_at and not self.errors:
            time.sleep(pause())
            self._kill_one()
        for thread in threads:
            thread.join(timeout=GRACE_SECONDS)
            if thread.is_alive():
                self.errors.append("somebody is not through after minutes of everything running")

    def _kill_one(self) -> None:
        names = [*PROGRAMS, *(["postgresql"] if self.world.cluster else [])]
        name = self.chance.choice(names)
        self.kills[name] = self.kills.get(name, 0) + 1
        if name == "postgresql":
            self.world.stop_postgresql()
            self.world.cluster.start()
            return
        self.world.programs.kill(name)
        if name.endswith("worker"):
            self.world.hurry()
        time.sleep(self.chance.uniform(0, 0.3))
        self.world.programs.start(name)

    def _come_and_go(self) -> None:
        while time.monotonic() < self._ends_at and not self.errors:
            with self._lock:
                person = self.world.person(next(self.newcomers))
            person.is_patient = True
            try:
                self._live(person)
            except Exception:  # noqa: BLE001 - told to the test, whatever it is
                self.errors.append(f"{person.facts.user_id}:\n{traceback.format_exc(limit=-6)}")
            with self._lock:
                self.through += 1
                self.steps += len(person.trail)

    def _live(self, person: Person) -> None:
        """One person's way, with turns left to chance."""
        steps.register(person)
        again_and_again(person, steps.sign_in)
        if self.chance.random() < 0.5:
            again_and_again(person, steps.add_authenticator)
        steps.choose_role(person, "end-user")
        steps.prove_identity(person)
        steps.pick_organization(person, "sandpiper family")
        number = steps.submit_request(person)
        is_approved = self.chance.random() < 0.8
        with self._deciding:
            self._as_approver(lambda ana: steps.decide(ana, number, approve=is_approved))
        if not is_approved:
            return
        again_and_again(person, enter_spot)
        for _ in range(self.chance.randrange(3)):
            person.go(f"{person.programs.spot_url}/account/")
        if self.chance.random() < 0.5:
            with self._deciding:
                self._as_approver(lambda ana: steps.remove_role(ana, person.facts.user_id))
        elif self.chance.random() < 0.5:
            steps.sign_out(person)

    def _as_approver(self, act: Callable[[Person], object]) -> None:
        """Ana acts; where her own sign-in was lost with an answer, she signs in once more."""
        ana = self.world.staff("ana.ruiz")
        ana.is_patient = True
        again_and_again(ana, act)


def enter_spot(person: Person) -> None:
    """Into SPOT, which must say so."""
    steps.enter_spot(person)
    assert person.page.url.startswith(person.programs.spot_url), str(person.page)
    assert person.page.status == 200, str(person.page)


def again_and_again(person: Person, act: Callable[[Person], object]) -> None:
    """What an answer's loss can void (a number used, a cookie never received) is begun anew in a fresh browser."""
    for left in reversed(range(TRIES)):
        try:
            act(person)
        except AssertionError:
            if not left:
                raise
            person.forget_browser()
            person.go("/")
            steps.sign_in(person) if act is not steps.sign_in else None
        else:
            return
