"""Lists that somebody takes along: CSV that every spreadsheet opens, and in which no cell runs (AX34)."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import TextIO

CSV_TYPE = "text/csv; charset=utf-8"
ENCODING = "utf-8-sig"
"""With a byte order mark, by which spreadsheets know the letters."""
RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")  # noqa: RUF001
"""What a spreadsheet may take for the beginning of a formula."""
AFTER_A_SEMICOLON = re.compile(r"(;[\s\"]*)(?=[=+\-@|%＝＋－＠])")  # noqa: RUF001
"""Where half the world's spreadsheets divide cells at semicolons, a cell begins behind each, whatever stands around it."""


def write_csv(file: TextIO, titles: Sequence[str], lines: Iterable[Sequence[str]]) -> int:
    """Titles, then the lines as they come; returns how many these were."""
    # Each cell between quotation marks: LibreOffice divides at commas, semicolons and tabs at once unless told not to.
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(titles)
    count = 0
    for line in lines:
        writer.writerow([as_text(cell) for cell in line])
        count += 1
    return count


def as_text(cell: str) -> str:
    """The cell with an apostrophe before what would run as a formula, behind a semicolon too, and on one line."""
    if cell.isalnum():
        return cell
    line = " ".join(cell.split())
    if ";" in line:
        line = AFTER_A_SEMICOLON.sub(r"\1'", line)
    return f"'{line}" if cell.startswith(RUNS_AS_FORMULA) or line.startswith(RUNS_AS_FORMULA) else line
