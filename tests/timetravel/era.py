"""The world of the faults under a clock that a test moves, and people whose authenticators go by it."""

import contextlib
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from tests.faults.cast import Facts
from tests.faults.client import CODE, Person
from tests.faults.steps import add_authenticator, path, register, sign_in
from tests.faults.world import World
from tests.timetravel.clock import Clock

VERIFY = "/sign-in/verify/"
HOME = "/home/"
LINK = re.compile(r"https?://\S+")
PATIENCE_SECONDS = 60


class Era(World):
    """`clock.pass_time(minutes=29)` moves every program, workers and database server with it."""

    clock: Clock

    @classmethod
    @contextlib.contextmanager
    def begun(cls, engine: str, people: Path) -> Iterator[Self]:
        with Clock.started() as clock, cls.started(engine, people, environment=clock.environment) as era:
            era.clock = clock
            yield era

    def person(self, facts: Facts) -> Person:
        person = super().person(facts)
        person.clock = self.clock.time
        return person

    def registered(self, facts: Facts) -> Person:
        """Somebody with an account who was never signed in."""
        person = self.person(facts)
        register(person)
        return person

    def with_authenticator(self, facts: Facts) -> Person:
        """Somebody signed in who has an authenticator, and verified with it a moment ago."""
        person = self.registered(facts)
        sign_in(person)
        add_authenticator(person)
        return person


def is_in(person: Person) -> bool:
    """Whether IDM shows this browser its Home; looks once, follows nowhere."""
    answer = person.http.get(f"{person.programs.idm_url}{HOME}")
    return answer.status_code == 200


def is_verified(person: Person) -> bool:
    """Whether what needs a fresh factor is open to this browser now; changes nothing."""
    answer = person.http.get(f"{person.programs.idm_url}/profile/mfa/add/")
    return answer.status_code == 200


def try_password(person: Person, password: str = "") -> bool:
    """Type user ID and password; whether it opened the second step."""
    person.go("/")
    person.press(user_id=person.facts.user_id, password=password or person.password, terms="on")
    return path(person) == VERIFY


def fail(person: Person, times: int) -> None:
    for number in range(times):
        assert not try_password(person, f"Not-The-Password-{number}-At-All")


def ask_for_code(person: Person, kind: str = "email", to: str = "") -> str:
    """At the second step: have a code sent; returns it."""
    already = len(codes_to(person, to))
    person.press(send=kind)
    return next_code(person, already, to)


def next_code(person: Person, already: int, to: str = "") -> str:
    """The code that comes to that address, or the person's own, after there were `already`."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(codes := codes_to(person, to)) <= already:
        assert time.monotonic() < deadline, f"no code came to {to or person.facts.email}"
        time.sleep(0.1)
    return codes[0]


def codes_to(person: Person, to: str = "") -> list[str]:
    """The one-time codes that came there, the newest first."""
    mails = person.programs.mailbox(to or person.facts.email)
    return [CODE.search(mail["text"])[1] for mail in mails if CODE.search(mail["text"])]


def link_in(mail: dict[str, str], part: str) -> str:
    """The address in a mail that holds `part`."""
    return next(link for link in LINK.findall(mail["text"]) if part in link)


def stay(person: Person) -> int:
    """Look at the second step in passing, so that the session is not idle; what stands on the screen stays there."""
    return person.http.get(f"{person.programs.idm_url}{VERIFY}").status_code
