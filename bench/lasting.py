"""Access that lasts and lapses, at size: the nightly round, the first day of a certification season, the forecast.

BENCH_PEOPLE=1000000 has 90,000 roles come to rest in one night, and 100,000 fall due on one day. Each beside the bare
statements that write or read the same rows, in one process and one run; sign-ins go on meanwhile.
"""

from statistics import median

from bench.figures import Table
from bench.governance import realm_of
from bench.stand import Stand

MOST_OF_THE_ROUND = 1.75
MOST_OF_THE_SEASON = 1.5
MOST_OF_THE_FORECAST = 1.75
LONGEST_WAIT_MILLISECONDS = 250.0
MOST_GROWTH_MIB = 64.0


def measure(stand: Stand) -> Table:
    """Half a realm rests afterwards: call it after `governance`."""
    realm, file = realm_of(stand)
    found = stand.ask("nights", str(file))
    table = Table(f"Access that lasts, among {realm['people']:,} people · {stand.engine}")
    table.remarks = [
        f"{realm['grants']:,} roles. Rows written by the product stay; those by the bare statements are taken back.",
        "Telling is one notice to one person, rendered, sealed and stored: beside it nothing is bare.",
    ]
    _beside(table, "nightly round", found["round"], "roles come to rest", MOST_OF_THE_ROUND)
    _beside(table, "first day of a season", found["season"], "certifications opened", MOST_OF_THE_SEASON)
    _beside(table, "forecast", found["forecast"], "roles looked at", MOST_OF_THE_FORECAST)
    _beside(table, "organizations alone", found["alone"], "organizations looked at", MOST_OF_THE_FORECAST)
    waits = found["waits"]
    table.add("longest sign-in meanwhile", max(waits), "ms", limit=LONGEST_WAIT_MILLISECONDS, digits=1)
    table.add("  median of them", waits, "ms", digits=2)
    table.add("memory of the process grew by", found["growth"], "MiB", limit=MOST_GROWTH_MIB, digits=0)
    for name in ("holders", "certifiers"):
        table.add(f"telling {name}, each", found[name], "ms", digits=2)
    return table


def _beside(table: Table, name: str, found: dict, what: str, most: float) -> None:
    table.add(f"{name}: {found['rows']:,} {what}", found["ours"], "ms", digits=0)
    table.add("  the bare statements", found["bare"], "ms", digits=0)
    table.add("  times those", median(found["ours"]) / median(found["bare"]), limit=most)
