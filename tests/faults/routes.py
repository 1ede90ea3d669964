"""Every address that a program answers, as its own resolver has them: read in a process of that program's."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from tests.faults.world import World

PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
# What leaves or forgets: tried last, for afterwards nobody is signed in or on their way.
LEAVING = ("start-over", "change/", "cancel/", "sign-out", "logout")
WALK = """\
import json
from django.urls import URLResolver, get_resolver
def walk(patterns, before):
    for pattern in patterns:
        place = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, place)
        else:
            yield place
print("ROUTES" + json.dumps(sorted(set(walk(get_resolver().url_patterns, "")))))
"""


@dataclass(frozen=True)
class Route:
    """`pattern` as Django writes it; `origin` of the program."""

    origin: str
    pattern: str

    def parameters(self, known: Mapping[str, str]) -> list[str]:
        """Under which names or converters `known` has what stands in the address."""
        found = PARAMETER.findall(self.pattern)
        return list(dict.fromkeys(name if known.get(name) else kind or "str" for kind, name in found))

    @property
    def is_leaving(self) -> bool:
        return any(word in self.pattern for word in LEAVING)

    def url(self, known: Mapping[str, str]) -> str:
        """With each parameter as `known` has it by its name or converter."""
        return f"{self.origin}/" + PARAMETER.sub(
            lambda m: known.get(m[2]) or known[m[1] or "str"], self.pattern
        )


def routes(world: World) -> list[Route]:
    """All of IDM's and SPOT's, those that sign somebody out at the end."""
    found = []
    for name, origin in (("idm", world.programs.idm_url), ("spot", world.programs.spot_url)):
        printed = world.programs.manage(name, "shell", "--no-imports", "-c", WALK)
        patterns = json.loads(re.search(r"ROUTES(\[.*\])", printed)[1])
        assert len(patterns) > 10, patterns
        found += [Route(origin, pattern.replace("^", "").replace("$", "")) for pattern in patterns]
    return sorted(found, key=lambda route: route.is_leaving)
