"""The table of SQL statements a step."""

import json

from bench.figures import Table
from bench.stand import Stand

LIMITS = {"code exchange": 8}


def measure(stand: Stand) -> Table:
    found = stand.ask(
        "statements",
        json.dumps(stand.take_people(2)),
        str(stand.programs.world.directory / "spot-client.json"),
        stand.programs.spot_url,
    )
    table = Table(f"SQL statements a request · {stand.engine}")
    table.remarks = ["Without BEGIN, COMMIT and savepoints, which the second line of each counts."]
    for name, counted in found.items():
        table.add(name, counted["statements"], limit=LIMITS.get(name), digits=0)
        if counted["control"]:
            table.add("  BEGIN, COMMIT, savepoints", counted["control"], digits=0)
    return table
