"""Reads the first sheet of a workbook: a process of its own, with little memory and time, that ends with the lines.

`python -I -m bailiwick.spot.forms.workbooks <most lines>` reads XLSX from its input and prints JSON: [[line, [cells…]]…],
or {"refused": code}. What a hostile workbook can do to a parser it does here, where nothing is to be had.
"""

import json
import os
import sys
import warnings
import zipfile
from io import BytesIO
from typing import Any

from bailiwick.ground.uploads.inspecting import limit_resources
from bailiwick.spot.rules.lists import FileRefusal

MOST_PARTS = 500
MOST_UNPACKED = 60 * 1024**2
MOST_COLUMNS = 30
MOST_EMPTY = 10_000
LONGEST_CELL = 300
LONGEST_ANSWER = 8 * 1024**2
END_OF_ARCHIVE = b"PK\x05\x06"
SIZE_OF_END = 22
# A workbook that acts, or carries along what acts when somebody opens it.
PROGRAMS = (
    "xl/vbaproject",
    "xl/activex",
    "xl/embeddings",
    "xl/externallinks",
    "xl/ctrlprops",
    "xl/macrosheets",
)


class Objection(Exception):
    """Why the workbook is not read."""

    def __init__(self, refusal: FileRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def main() -> None:
    limit_resources()
    sys.stdout.write(answer_about(sys.stdin.buffer.read(), most_lines=int(sys.argv[1])))


def answer_about(data: bytes, *, most_lines: int) -> str:
    """The lines as JSON, or the refusal; whatever breaks a parser is UNREADABLE."""
    warnings.simplefilter("ignore")
    try:
        look_at_the_archive(data)
        said = json.dumps(lines_of(data, most_lines=most_lines))
    except Objection as objection:
        return json.dumps({"refused": objection.refusal.value})
    except Exception:  # noqa: BLE001 - of what went wrong in a hostile file nothing is told
        return json.dumps({"refused": FileRefusal.UNREADABLE.value})
    return said if len(said) <= LONGEST_ANSWER else json.dumps({"refused": FileRefusal.UNPACKS_TOO_FAR.value})


def look_at_the_archive(data: bytes) -> None:
    """Before anything is unpacked: one archive and nothing else, not too large, without programs, with tame names."""
    if data.rfind(END_OF_ARCHIVE) != len(data) - SIZE_OF_END:
        raise Objection(FileRefusal.MORE_THAN_ONE if END_OF_ARCHIVE in data else FileRefusal.UNREADABLE)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Objection(FileRefusal.UNPACKS_TOO_FAR)
    if min((part.header_offset for part in parts), default=1):
        raise Objection(FileRefusal.MORE_THAN_ONE)
    if any(part.flag_bits & 1 for part in parts):
        raise Objection(FileRefusal.PASSWORD)
    names = [part.filename.casefold() for part in parts]
    if any(name.startswith(PROGRAMS) for name in names):
        raise Objection(FileRefusal.PROGRAMS)
    if len(set(names)) != len(names) or any(
        name.startswith("/") or ".." in name.split("/") for name in names
    ):
        raise Objection(FileRefusal.UNREADABLE)
    if "xl/workbook.xml" not in names:
        raise Objection(FileRefusal.WRONG_KIND)


def lines_of(data: bytes, *, most_lines: int) -> list[tuple[int, list[str]]]:
    """(line number, cells) of the first sheet, empty lines left out; one line more than `most_lines` at the most."""
    from defusedxml import defuse_stdlib

    # Before openpyxl takes its parsers: no entity is expanded, none is fetched. Where lxml is there, it would take that
    # one, of which defusedxml knows nothing.
    os.environ["OPENPYXL_LXML"] = "False"
    defuse_stdlib()
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), read_only=True, keep_links=False)
    found: list[tuple[int, list[str]]] = []
    sheet = book.worksheets[0]
    # What the file says of its own size may be a lie.
    sheet.reset_dimensions()
    empty = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        texts = [_text(cell) for cell in cells]
        empty = 0 if any(texts) else empty + 1
        if any(texts):
            found.append((number, texts))
        if empty > MOST_EMPTY:
            raise Objection(FileRefusal.UNPACKS_TOO_FAR)
        if len(found) > most_lines:
            break
    return found


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        return "=formula"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)[:LONGEST_CELL]


if __name__ == "__main__":
    main()
