"""Killing at the worst moment: while a form is on its way, or right after it was answered."""

import random
import threading
import time
from collections.abc import Sequence

from tests.faults.client import Person, Sent
from tests.faults.world import World


def send_into_a_kill(
    world: World, sendings: Sequence[tuple[Person, Sent]], *, after: float, name: str = "idm"
) -> list[int]:
    """Send all of these at once, SIGKILL the program `after` seconds, start it; the statuses, 0 for no answer."""
    answers = [0] * len(sendings)

    def send(place: int, person: Person, what: Sent) -> None:
        answers[place] = person.post_once(what)

    threads = [threading.Thread(target=send, args=(at, *pair)) for at, pair in enumerate(sendings)]
    for thread in threads:
        thread.start()
    time.sleep(after)
    world.programs.kill(name)
    for thread in threads:
        thread.join()
    world.programs.start(name)
    return answers


def moments(count: int, longest: float) -> list[float]:
    """Some moments within the time that an answer takes, never the same ones."""
    return [random.uniform(0, longest) for _ in range(count)]
