"""The forecast in words and columns, for a terminal, and who would lose what as CSV."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from bailiwick.idm.simulation.forecasting import HORIZONS, Loss, Outlook

WIDTH = 46
MOST_NAMED = 20
ROWS = (
    ("become inactive", "resting"),
    ("end because they are not used", "removed"),
    ("end because their last day is over", "last_day"),
    ("fall due: they end unless somebody certifies", "to_certify"),
    ("end for any of these three reasons", "lost"),
)
COLUMNS = ("application", "submitter ID", "role", "user ID", "over from", "why")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def lines(outlook: Outlook) -> Iterator[str]:
    """What is to come in one application."""
    now, *then = (len(places) for places in outlook.alone)
    inactive = outlook.held - outlook.active
    yield (
        f"Today: {_roles(outlook.held)} at organizations, {outlook.active:,} active, {inactive:,} inactive;"
        f" nobody can decide at {_places(now)}."
    )
    yield (
        f"Expected: whoever has not signed in since the first warning was due ({_roles(outlook.quiet)}) stays away,"
        " everybody else comes again. So many roles"
    )
    yield _row("", [f"in {days} days" for days in HORIZONS])
    for words, name in ROWS:
        yield _row(words, [f"{getattr(one, name):,}" for one in outlook.losses])
    yield _row("organizations where nobody can decide then", [f"{count:,}" for count in then])


def _roles(count: int) -> str:
    return f"{count:,} {'role' if count == 1 else 'roles'}"


def _places(count: int) -> str:
    return f"{count:,} {'organization' if count == 1 else 'organizations'}"


def comparison(before: Outlook, after: Outlook, changed: Iterable[tuple[str, int, int]]) -> Iterator[str]:
    """What other numbers would change, at once and later."""
    what_changes = [f"  {what} {new} days instead of {old}" for what, old, new in changed]
    if not what_changes:
        yield "  nothing: of each number the strictest counts, and those of the file are not stricter."
        return
    yield from what_changes
    new_alone = sorted(after.alone[0] - before.alone[0])
    yield (
        f"On its first day {_change(before.held, after.held)} roles are held, {_change(before.active, after.active)} of them"
        f" active, and {_places(len(new_alone))} more would have no approver."
    )
    if new_alone:
        more = f" and {len(new_alone) - MOST_NAMED:,} more" if len(new_alone) > MOST_NAMED else ""
        yield f"  {', '.join(new_alone[:MOST_NAMED])}{more}"
    yield "Each role keeps its day to be certified; another number of days counts from the next certification on."
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
