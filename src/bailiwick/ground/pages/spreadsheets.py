"""Lists that somebody takes along: CSV that every spreadsheet opens, and in which no cell runs (AX34)."""

import csv
from collections.abc import Iterable, Sequence
from typing import TextIO

CSV_TYPE = "text/csv; charset=utf-8"
ENCODING = "utf-8-sig"
"""With a byte order mark, by which spreadsheets know the letters."""
RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")  # noqa: RUF001
"""What a spreadsheet may take for the beginning of a formula."""


def write_csv(file: TextIO, titles: Sequence[str], lines: Iterable[Sequence[str]]) -> int:
    """Titles, then the lines as they come; returns how many these were."""
    writer = csv.writer(file)
    writer.writerow(titles)
    count = 0
    for line in lines:
        writer.writerow([as_text(cell) for cell in line])
        count += 1
    return count


def as_text(cell: str) -> str:
    """The cell with an apostrophe before what would run as a formula, and on one line."""
    if cell.isalnum():
        return cell
    line = " ".join(cell.split())
    return f"'{line}" if cell.startswith(RUNS_AS_FORMULA) or line.startswith(RUNS_AS_FORMULA) else line
