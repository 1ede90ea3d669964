"""The forecast in words and columns, for a terminal, and who would lose what as CSV."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from bailiwick.idm.simulation.forecasting import HORIZONS, Loss, Outlook

WIDTH = 46
MOST_NAMED = 20
ROWS = (
    ("become inactive", "resting"),
    ("are removed, not used for too long", "removed"),
    ("end with their last day", "last_day"),
    ("have to be certified, or they end", "to_certify"),
    ("end in one of the last three ways", "lost"),
)
COLUMNS = ("application", "submitter ID", "role", "user ID", "over from", "why")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def lines(outlook: Outlook) -> Iterator[str]:
    """What is to come in one application."""
    yield f"{outlook.application.name}: {outlook.held:,} roles are held, {outlook.active:,} of them active."
    yield (
        f"The holders of {outlook.quiet:,} were not seen since before their first warning. Taken that they stay away,"
        " and that all others come again, so many roles"
    )
    yield _row("", [f"in {days} days" for days in HORIZONS])
    for words, name in ROWS:
        yield _row(words, [f"{getattr(one, name):,}" for one in outlook.losses])
    now, *then = (len(places) for places in outlook.alone)
    yield _row("organizations where nobody can decide", [f"{count:,}" for count in then])
    yield f"Today nobody can decide at {now:,} {'organization' if now == 1 else 'organizations'}."


def comparison(before: Outlook, after: Outlook, changed: Iterable[tuple[str, int, int]]) -> Iterator[str]:
    """What other numbers would change, at once and later."""
    for what, old, new in changed:
        yield f"{before.application.short_name}: {what} {new} days instead of {old}."
    new_alone = sorted(after.alone[0] - before.alone[0])
    places = "organization" if len(new_alone) == 1 else "organizations"
    yield (
        f"At once {_change(before.held, after.held)} roles would be held, {_change(before.active, after.active)} of them active; "
        f"{len(new_alone):,} {places} more would have no approver."
    )
    if new_alone:
        more = f" and {len(new_alone) - MOST_NAMED:,} more" if len(new_alone) > MOST_NAMED else ""
        yield f"  {', '.join(new_alone[:MOST_NAMED])}{more}"
    yield "Roles are certified again by the day they were given; a new number counts from the next certification on."
    yield from lines(after)


def _change(before: int, after: int) -> str:
    return f"{after:,}" if before == after else f"{after:,} ({after - before:+,})"


def _row(words: str, cells: list[str]) -> str:
    return f"  {words:<{WIDTH}}" + "".join(f"{cell:>14}" for cell in cells)


def write_losses(path: Path, found: Iterable[Loss]) -> int:
    """A line a role; how many. No value of it begins a formula in a spreadsheet."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for count, one in enumerate(found, start=1):  # noqa: B007 - the last is the count
            cells = (one.application, one.submitter_id, one.role, one.user_id, one.day, one.reason.value)
            table.writerow([_plain(str(cell)) for cell in cells])
    return count


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
