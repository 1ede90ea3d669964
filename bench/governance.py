"""Delegation at size: BENCH_PEOPLE people (default 20,000), and what approvers and desks wait for among them.

BENCH_PEOPLE=1000000 makes 20,000 organizations, the largest of 10,000 people, and 3,000,000 roles. Every page beside the
bare statement for the same rows, in one process; p95 has to be under 200 ms.
"""

import json
import os
from pathlib import Path
from statistics import median
from typing import Any

from bench.figures import Table
from bench.stand import Stand

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "20000"))
MOST_MILLISECONDS = 200.0
TOLD_ONLY = ("health", "deciding")


def measure(stand: Stand) -> Table:
    """The realm stays: call it last."""
    realm, file = realm_of(stand)
    found = stand.ask("governing", str(file))
    table = Table(f"Delegation among {realm['people']:,} people · {stand.engine}")
    largest, seconds = max(realm["sizes"]), realm["seconds"]
    table.remarks = [
        f"{realm['organizations']:,} organizations, the largest with {largest:,} of {realm['grants']:,} roles.",
        f"Made in {seconds:.0f} s, by the database itself (bench/realm.py).",
        "Whole pages but for the socket; beside them the bare statement for the same rows over the same connection.",
    ]
    for name, taken in found.items():
        pages, bare = taken["page"], median(taken["sql"])
        table.add(name, pages, "ms", digits=1)
        if not name.startswith(TOLD_ONLY):
            table.add("  95 of 100 within", _within(pages), "ms", limit=MOST_MILLISECONDS, digits=1)
        table.add("  processor time of IDM", taken["processor"], "ms", digits=1)
        table.add("  the bare statement", taken["sql"], "ms", digits=2)
        table.add("  times the bare statement", median(pages) / bare, digits=1)
    return table


def realm_of(stand: Stand) -> tuple[dict[str, Any], Path]:
    """The realm and the file that tells of it, made once a stand."""
    file = Path(stand.programs.world.directory) / "realm.json"
    if not file.exists():
        file.write_text(json.dumps(stand.ask("realm", str(PEOPLE))))
    return json.loads(file.read_text()), file


def _within(values: list[float]) -> float:
    """Of twenty, the nineteenth: what 95 of 100 stay within."""
    ordered = sorted(values)
    return ordered[max(0, round(0.95 * len(ordered)) - 1)]
