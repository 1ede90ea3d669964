"""Day after day: by night the jobs of the product, at noon its people. Rules see nothing but the time they are given."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.simulation.behaviour import Behaviour
from bailiwick.idm.simulation.certifying import Certifying
from bailiwick.idm.simulation.coming_and_going import (
    Calendar,
    arrive,
    decide_what_waits,
    leave,
    remove_who_left,
)
from bailiwick.idm.simulation.counting import Day, Post, Totals, standing_at, totals_of
from bailiwick.idm.simulation.population import World
from bailiwick.idm.simulation.signing_in import SignIns, heed_warnings, sign_in_everybody_due

NIGHT, NOON = time(1), time(12)
Job = Callable[[datetime], None]
WARNING = "inactivity-warning"


@dataclass
class Simulation:
    """A world that lives from `start` on. The same `seed` draws the same days, whatever keys the database gives."""

    world: World
    start: date
    seed: str
    jobs: Sequence[Job]
    behaviour: Behaviour = field(default_factory=Behaviour)
    calendar: Calendar = field(default_factory=Calendar)
    certifying: Certifying = field(default_factory=Certifying)

    def days(self, count: int) -> Iterator[Day]:
        """Each day as it ends."""
        # What was told while the world was made is no news of its first day.
        Post().collect()
        before = totals_of(self.world.application)
        for number in range(count):
            day, before = self._day(number, before)
            yield day

    def _day(self, number: int, before: Totals) -> tuple[Day, Totals]:
        today, post = self.start + timedelta(days=number), Post()
        night, noon = at(today, NIGHT), at(today, NOON)
        for job in self.jobs:
            job(night)
        post.collect()
        signed_in, left = self._people(number, today, post, noon)
        post.collect()
        after = totals_of(self.world.application)
        day = Day(
            number=number,
            date=today,
            started=after.started - before.started,
            restored=after.restored - before.restored,
            ended=after.ended - before.ended,
            certified=after.certified - before.certified,
            notices=post.kinds,
            signed_in=signed_in.made,
            came_back=signed_in.came_back,
            gave_up=signed_in.gave_up,
            found_none=signed_in.found_none,
            left=left,
            **standing_at(self.world.application, now=noon),
        )
        return day, after

    def _people(self, number: int, today: date, post: Post, noon: datetime) -> tuple[SignIns, int]:
        draw = Random(f"{self.seed}:{number}")  # noqa: S311 - fictitious people, not secrets
        given: dict[str, Any] = {"behaviour": self.behaviour, "draw": draw}
        warned = [
            self.world.by_email[to] for to in post.addresses.get(WARNING, []) if to in self.world.by_email
        ]
        heed_warnings(warned, number, **given)
        signed_in = sign_in_everybody_due(self.world, number, today, **given, now=noon)
        left = leave(self.world, self.calendar, number, **given)
        remove_who_left(self.world, self.calendar, number, now=noon)
        arrive(self.world, self.calendar, number, **given, now=noon)
        decide_what_waits(self.world, self.calendar, number, **given, now=noon)
        self.certifying.certify(self.world, number, post, **given, now=noon)
        return signed_in, left


def at(day: date, hour: time) -> datetime:
    """That hour of the day where the deployment is."""
    return datetime.combine(day, hour, tzinfo=zone())
