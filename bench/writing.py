"""The table of a ledger entry and a notice beside a plain row."""

from bench.figures import Table
from bench.stand import Stand


def measure(stand: Stand) -> Table:
    found = stand.ask("rows")
    table = Table(f"Writing what every change writes · {stand.engine}")
    table.remarks = [
        "Each row committed durably by itself; rendering a notice (subject, text, HTML) is counted in."
    ]
    table.add("plain rows", found["plain"], "/s", digits=0)
    table.add("ledger entries", found["ledger"], "/s", digits=0)
    ratios = [one / plain for one, plain in zip(found["ledger"], found["plain"], strict=True)]
    table.add("ledger entries for each plain row", ratios, limit=0.8, at_least=True)
    table.add("notices", found["notice"], "/s", digits=0)
    costs = [1000 / one - 1000 / plain for one, plain in zip(found["notice"], found["plain"], strict=True)]
    table.add("a notice more than a plain row", costs, "ms")
    return table
