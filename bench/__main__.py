"""`make bench`: every table in one run. BENCH_ROUNDS (default 5) trades time for steadiness. Exit 1 where a limit is missed."""

import os
import platform
import sys
import time

from bench import counting, exchange, memory, signin, weight, writing
from bench.figures import Table, missed
from bench.processor import cores
from bench.stand import stand
from tests.postgresql import directory_of_binaries

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
PEOPLE_A_ROUND = 40
CODES_A_ROUND = 240
SPARE_PEOPLE = 10


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
    with stand(engine, people=(ROUNDS * PEOPLE_A_ROUND) + SPARE_PEOPLE) as ready:
        tables.append(counting.measure(ready))
        tables[-1].show()
        tables.append(signin.measure(ready, rounds=ROUNDS, people=PEOPLE_A_ROUND))
        tables[-1].show()
        tables.append(exchange.measure(ready, rounds=ROUNDS, codes=CODES_A_ROUND))
        tables[-1].show()
        tables.append(writing.measure(ready))
        tables[-1].show()
        for extra in (weight.measure, memory.measure) if is_main else ():
            if (table := extra(ready)) is not None:
                tables.append(table)
                table.show()
    return tables


if __name__ == "__main__":
    sys.exit(main())
