"""`make bench`: every table in one run. BENCH_ROUNDS (default 5) trades time for steadiness. Exit 1 where a limit is missed.

`python -m bench signin flood` measures only those tables. BENCH_ACCOUNTS: how many the crowd of `presence` has;
BENCH_PEOPLE: how many the realm of `governance` and `lasting` has.
"""

import os
import platform
import sys
import time
from collections.abc import Callable

from bench import (
    backoffice,
    counting,
    exchange,
    factors,
    flood,
    governance,
    lasting,
    listing,
    memory,
    papers,
    presence,
    rotation,
    signin,
    timing_of_existence,
    weight,
    writing,
)
from bench.figures import Table, missed
from bench.processor import cores
from bench.stand import Stand, stand
from tests.postgresql import directory_of_binaries

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
PEOPLE_A_ROUND = 40
CODES_A_ROUND = 240
SPARE_PEOPLE = 10
# In this order: the later ones leave something behind (memory in use, a ring with two keys, a crowd).
MEASURES: dict[str, Callable[[Stand], Table | list[Table] | None]] = {
    "counting": counting.measure,
    "signin": lambda ready: signin.measure(ready, rounds=ROUNDS, people=PEOPLE_A_ROUND),
    "exchange": lambda ready: exchange.measure(ready, rounds=ROUNDS, codes=CODES_A_ROUND),
    "factors": factors.measure,
    "existence": timing_of_existence.measure,
    "writing": writing.measure,
    "weight": weight.measure,
    "memory": memory.measure,
    "flood": flood.measure,
    "rotation": rotation.measure,
    "presence": presence.measure,
    "governance": governance.measure,
    "lasting": lasting.measure,
    "listing": listing.measure,
    "papers": papers.measure,
    "backoffice": backoffice.measure,
}
ONCE = {
    "factors",
    "existence",
    "weight",
    "memory",
    "flood",
    "presence",
    "governance",
    "lasting",
    "papers",
    "backoffice",
}
PEOPLE = {
    "signin": ROUNDS * PEOPLE_A_ROUND,
    "factors": factors.PEOPLE,
    "existence": timing_of_existence.PEOPLE,
    "rotation": rotation.PEOPLE,
    "flood": 1,
    "presence": 1,
}


def main() -> int:
    began = time.monotonic()
    os.environ["NO_PROXY"] = "*"
    _conditions()
    tables: list[Table] = []
    if directory_of_binaries() is None:
        print("PostgreSQL is not on this machine (sudo apt install postgresql): SQLite alone is measured.")
    else:
        tables += _engine("postgresql", is_main=True)
    tables += _engine("sqlite", is_main=not tables)
    beyond = missed(tables)
    print(f"\n{time.monotonic() - began:.0f} s. ", end="")
    print("Every figure is within its limit." if not beyond else "Beyond their limits:")
    for name in beyond:
        print(f"  {name}")
    return 1 if beyond else 0


def _conditions() -> None:
    found = cores()
    place = "on one core, the load on the other" if found.are_apart else "and the load on one core"
    print(
        f"Bailiwick, measured with the server and its database {place}; Python {platform.python_version()}."
    )
    print(
        f"Medians of {ROUNDS} rounds, both sides of a ratio in each; beside them the smallest and the largest."
    )
    print(
        f"Load of the machine before: {os.getloadavg()[0]:.1f} (other work on it widens the spread).",
        flush=True,
    )


def _engine(engine: str, *, is_main: bool) -> list[Table]:
    """`is_main` adds what does not depend on the engine."""
    tables: list[Table] = []
    people = SPARE_PEOPLE + sum(PEOPLE.get(name, 0) for name in _chosen(is_main))
    with stand(engine, people=people) as ready:
        for name in _chosen(is_main):
            found = MEASURES[name](ready)
            for table in found if isinstance(found, list) else filter(None, [found]):
                tables.append(table)
                table.show()
    return tables


def _chosen(is_main: bool) -> list[str]:
    words = sys.argv[1:]
    return [name for name in MEASURES if (name in words if words else is_main or name not in ONCE)]


if __name__ == "__main__":
    sys.exit(main())
