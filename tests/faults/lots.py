"""Which attacks a run sends: each address and trick falls to one of the actors by lot; `make soak` sends all as everybody.

What a database may take otherwise than the other one is sent on both engines, seven in ten of it. Of everything else
each engine has a part of its own, together seven in ten: what a header or a broken body does, no database knows.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.faults.hostile import Attack
from tests.faults.routes import Route
from tests.thorough import IS_THOROUGH

OF_DATABASES = (
    "NUL",
    "invalid UTF-8",
    "half a surrogate",
    "ten kilobytes",
    "huge number",
    "number out of range",
    "negative number",
)
PARTS = 10


@dataclass(frozen=True)
class Lots:
    """`seed`: another draw. `engine`: the first or the second."""

    seed: int
    engine: int

    def drawn(self, attacks: Iterable[Attack], route: Route, actor: int) -> Iterator[Attack]:
        """Those that the actor of that place sends to that address; the plain look is everybody's."""
        return (
            one for one in attacks if IS_THOROUGH or one.name == "plain" or self._falls(one, route, actor)
        )

    def _falls(self, attack: Attack, route: Route, actor: int) -> bool:
        trick = attack.name.partition(":")[0]
        lot = zlib.crc32(f"{self.seed} {route.pattern} {trick}".encode())
        if trick.startswith("path of") or trick.partition(" of ")[2] in OF_DATABASES:
            return lot % PARTS == actor
        return (lot + self.engine * PARTS) % (2 * PARTS) == actor
