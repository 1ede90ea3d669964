"""The payer over HTTP: many questions at once, bounded in time and size, its answers parsed strictly (F-6).

The protocol is described in docs/payer.md. Nothing here raises: what cannot be read is `Unavailable`.
"""

import json
import time
from collections.abc import Iterator, Sequence

import httpx

from bailiwick.ground.program import clock
from bailiwick.ground.program.asking import LONGEST, PAUSES, TIMES, Asking, Way
from bailiwick.ground.program.breaker import Breaker
from bailiwick.spot.payers.port import Match, NoMatch, Numbers, Unavailable
from bailiwick.spot.payers.vendors.answers import answers_of

PATH = "/v1/providers/find"
MOST_AT_ONCE = 1000
LARGEST_PER_QUESTION = 4096
# A list of 5,000 lines is six requests; somebody of the desk waits for all of them.
LONGEST_LIST = 20.0

Bare = tuple[str, str, str]


class HttpPayer:
    """Asks a payer that speaks the protocol of docs/payer.md."""

    def __init__(
        self,
        *,
        url: str,
        key_id: str,
        secret: str,
        breaker: Breaker | None = None,
        pauses: tuple[float, ...] = PAUSES,
        times: httpx.Timeout = TIMES,
        longest: float = LONGEST,
    ) -> None:
        way = Way("Payer", url, PATH, key_id, secret)
        self._asking = Asking(way, breaker=breaker, pauses=pauses, times=times)
        self._longest = longest

    def __repr__(self) -> str:
        return f"<HttpPayer at {self._asking.url}>"

    def find_all(self, asked: Sequence[Numbers]) -> list[Match | NoMatch] | Unavailable:
        """Each of the same numbers is asked once, a thousand at a time."""
        known: dict[Bare, Match | NoMatch] = {}
        end = time.monotonic() + LONGEST_LIST
        for some in _pieces(asked):
            longest = min(self._longest, end - time.monotonic())
            found = self._ask(some, longest=longest)
            if found is None:
                return Unavailable()
            known |= dict(zip(some, found, strict=True))
        return [known[one.bare] for one in asked]

    @property
    def is_away(self) -> bool:
        return self._asking.is_away

    def _ask(self, some: list[Bare], *, longest: float) -> list[Match | NoMatch] | None:
        return self._asking.answer(
            _body(some),
            lambda stated: answers_of(stated, some),
            at=clock.now(),
            longest=longest,
            largest=LARGEST_PER_QUESTION * (len(some) + 1),
        )


def _pieces(asked: Sequence[Numbers]) -> Iterator[list[Bare]]:
    distinct = list(dict.fromkeys(one.bare for one in asked))
    for first in range(0, len(distinct), MOST_AT_ONCE):
        yield distinct[first : first + MOST_AT_ONCE]


def _body(some: list[Bare]) -> bytes:
    questions = [{"ptan": ptan, "npi": npi, "tin": tin} for ptan, npi, tin in some]
    return json.dumps({"questions": questions}, separators=(",", ":")).encode()
