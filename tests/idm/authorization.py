"""The authorization matrix as tests/idm/authorization.toml has it: who gets through which door, and what others find."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
FILE = Path(__file__).with_suffix(".toml")
WITHOUT_SESSION = ("visitor", "half")
EVERYBODY, SIGNED_IN, HALF, MACHINES, LINK = (
    "everybody",
    "signed in",
    "signed in, or half",
    "machines",
    "whoever has the link",
)


@dataclass(frozen=True)
class Door:
    """A line of the matrix, for some routes."""

    about: str
    opens: str | list[str]
    routes: list[str]
    otherwise: str = "hidden"
    method: str = "GET"
    hides_from: list[str] = field(default_factory=list)
    unsigned: str = "sign-in"
    half: str = ""
    leads: str = "open"

    def answer_to(self, who: str) -> str:
        """What `who` finds: open, hidden, closed, sign-in or refused."""
        if self.opens == LINK:
            return "hidden"
        if self.opens == MACHINES:
            return "refused"
        if self.opens == EVERYBODY or who in self.opens:
            return self.leads
        if who in WITHOUT_SESSION:
            return self._without_session(who)
        if self.opens in (SIGNED_IN, HALF):
            return "open"
        return "hidden" if who in self.hides_from else self.otherwise

    def _without_session(self, who: str) -> str:
        if who == "half" and self.opens == HALF:
            return "open"
        return (self.half if who == "half" else "") or self.unsigned

    @property
    def knocking(self) -> frozenset[str]:
        """Whom it takes to tell: a door that asks for no role answers all of the signed-in alike."""
        return frozenset() if isinstance(self.opens, list) else frozenset({*WITHOUT_SESSION, "holder"})


@dataclass(frozen=True)
class Matrix:
    people: dict[str, str]
    doors: list[Door]

    @cached_property
    def by_route(self) -> dict[str, Door]:
        return {route: door for door in self.doors for route in door.routes}

    @property
    def named_twice(self) -> set[str]:
        names = [route for door in self.doors for route in door.routes]
        return {name for name in names if names.count(name) > 1}


def matrix() -> Matrix:
    read = tomllib.loads(FILE.read_text())
    return Matrix(read["people"], [Door(**group) for group in read["group"]])


@dataclass(frozen=True)
class Route:
    """`name` as `urls.py` gives it; a machine's door has one, too."""

    name: str
    pattern: str

    @property
    def has_parameter(self) -> bool:
        return PARAMETER.search(self.pattern) is not None

    @property
    def shown(self) -> str:
        """The address as people write it."""
        return "/" + PARAMETER.sub(r"{\2}", self.pattern)

    def path(self, known: dict[str, str]) -> str:
        """With each parameter as `known` has it under "route:parameter", its name, or its converter."""

        def value(found: re.Match[str]) -> str:
            kind, name = found[1] or "str", found[2]
            return known.get(f"{self.name}:{name}") or known.get(name) or known[kind]

        return "/" + PARAMETER.sub(value, self.pattern) + known.get(f"{self.name}?", "")


def routes() -> list[Route]:
    """Every address of IDM."""
    found = {route.name: route for route in _walk(get_resolver().url_patterns, "")}
    return sorted(found.values(), key=lambda route: route.name)


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for pattern in patterns:
        place = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, place)
        else:
            yield Route(pattern.name or place, place.replace("^", "").replace("$", ""))
