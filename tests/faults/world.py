"""The programs with their databases, their staff and everybody who came: what a test of faults holds in its hands."""

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from tests.faults.cast import MOST_PEOPLE, Facts, somebody
from tests.faults.client import Book, Person
from tests.faults.tables import Database
from tests.postgresql import PrivatePostgreSQL, create_database, directory_of_binaries
from tests.programs import Programs

ENGINE_VARIABLE = "BAILIWICK_TEST_ENGINE"
ALL = ("idm", "spot", "bureau", "idm-worker", "spot-worker")
# A message that a killed worker had in hand waits until its lease is over.
DELIVERED_WITHIN_SECONDS = 120
# What is committed survives the killing of every process; the machine itself is not switched off here.
DURABLE = ("fsync=off", "synchronous_commit=on", "full_page_writes=off", "max_connections=200")
# Every person comes from an address of their own; IDM counts registrations by address.
SETTINGS = {"IDM_TRUSTED_PROXIES": "127.0.0.1"}


def engines() -> list[str]:
    """The engine that the runner asks for, or both where both are here."""
    if named := os.environ.get(ENGINE_VARIABLE):
        return [named]
    return ["sqlite", "postgresql"] if directory_of_binaries() else ["sqlite"]


class World:
    """`idm` and `spot` are the databases; `people` is everybody who was made here, for the search for canaries."""

    def __init__(self, programs: Programs, cluster: PrivatePostgreSQL | None) -> None:
        self.programs, self.cluster = programs, cluster
        self.book = Book()
        self.people: list[Person] = []
        self._staff: dict[str, Person] = {}
        known = json.loads(programs.world.people_file.with_suffix(".json").read_text())
        self._credentials, self.submitter_ids = known["people"], known["submitter_ids"]

    @classmethod
    @contextlib.contextmanager
    def started(
        cls, engine: str, people: Path, *, environment: Mapping[str, str] | None = None
    ) -> Iterator[Self]:
        """Everything runs inside; gone afterwards. `environment` is every program's, the database server's too."""
        settings = {**SETTINGS, "BUREAU_PEOPLE_FILE": str(people), **(environment or {})}
        with contextlib.ExitStack() as undo:
            cluster = None
            if engine == "postgresql":
                cluster = undo.enter_context(PrivatePostgreSQL(DURABLE, environment))
                settings |= {
                    f"{name}_DATABASE_URL": create_database(cluster.url()) for name in ("IDM", "SPOT")
                }
            # The engine is in the settings: Programs need not start one.
            programs = undo.enter_context(Programs("sqlite", settings=settings))
            world = cls(programs, cluster)
            undo.callback(world.close)
            yield world

    @property
    def idm(self) -> Database:
        return self._database("idm")

    @property
    def spot(self) -> Database:
        return self._database("spot")

    def person(self, facts: Facts) -> Person:
        """Somebody at a browser of their own, at an address of their own."""
        number = len(self.people)
        person = Person(self.programs, self.book, facts, source=f"198.18.{number // 250}.{number % 250 + 1}")
        self.people.append(person)
        return person

    def staff(self, name: str) -> Person:
        """One of the fictitious world, the same browser each time: an authenticator's number works only once."""
        if name not in self._staff:
            known = self._credentials[name]
            nothing = Facts(
                "", "", ("", "", ""), "", f"{name}@none.example", "", name, password=known["password"]
            )
            person = self.person(nothing)
            person.authenticator = known["authenticator"]
            # The world was made a moment ago, and each authenticator shown to work.
            person.use_up_this_step()
            self._staff[name] = person
        return self._staff[name]

    def known_to_the_bureau(self, facts: Facts) -> Facts:
        """The same person as the bureau's file has them, whatever they called themselves since."""
        return next(one for one in map(somebody, range(MOST_PEOPLE)) if one.ssn == facts.ssn)

    def restart(self, *names: str) -> None:
        """SIGKILL, then start again and wait for an answer."""
        for name in names:
            self.programs.kill(name)
        for name in names:
            self.programs.start(name)

    def stop_postgresql(self) -> None:
        """End the server as a crash would, without a checkpoint: when it starts again, it recovers from its log."""
        os.kill(self.cluster.process_id, signal.SIGQUIT)
        os.waitpid(self.cluster.process_id, 0)

    def close(self) -> None:
        for person in self.people:
            person.close()

    def start_what_is_down(self) -> None:
        for name in ALL:
            if not self.programs.is_running(name):
                self.programs.start(name)

    def hurry(self) -> None:
        """As if a minute had passed: what waits for its next try, or for the lease of a killed worker, is due."""
        for database in (self.idm, self.spot):
            database.change(
                "UPDATE outbox_message SET leased_until = NULL, next_try_at = created_at WHERE state = 'waiting'"
            )

    def pass_minutes_in_spot(self, minutes: int) -> None:
        """As if IDM had last answered for each session in SPOT that long ago."""
        then = datetime.now(UTC) - timedelta(minutes=minutes)  # noqa: TID251 - the tests' own clock
        at = then.strftime("%Y-%m-%d %H:%M:%S" + ("" if self.spot.is_sqlite else "+00"))
        self.spot.change(f"UPDATE spot_signin_session SET asked_at = '{at}', confirmed_at = '{at}'")

    def waiting(self) -> int:
        """Messages and calls that no worker has delivered yet, in both programs."""
        sql = "SELECT count(*) AS many FROM outbox_message WHERE state = 'waiting'"
        return sum(database.select(sql)[0]["many"] for database in (self.idm, self.spot))

    def wait_until_delivered(self) -> float:
        """Wait for the outboxes to be empty, as if what gathers several notices had gathered; returns the seconds that it took."""
        started = time.monotonic()
        while self.waiting():
            assert time.monotonic() - started < DELIVERED_WITHIN_SECONDS, (
                f"{self.waiting()} messages wait still"
            )
            for database in (self.idm, self.spot):
                # Those, too, that are told meanwhile.
                database.change(
                    "UPDATE outbox_message SET next_try_at = created_at "
                    "WHERE state = 'waiting' AND attempts = 0 AND next_try_at > created_at"
                )
            time.sleep(0.2)
        return time.monotonic() - started

    def _database(self, program: str) -> Database:
        environment = self.programs.world.environment(program)
        path = self.programs.world.directory.resolve() / f"{program}.sqlite3"
        return Database(environment.get(f"{program.upper()}_DATABASE_URL") or f"sqlite://{path}")
