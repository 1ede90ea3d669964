"""Lists as files: what people send, as lines of cells; what they take along, safe to open in a spreadsheet (F-4, AX34)."""

import csv
import json
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from bailiwick.ground.pages.spreadsheets import ENCODING, write_csv
from bailiwick.ground.rulings import Refused
from bailiwick.ground.uploads.checks import File, in_a_child
from bailiwick.spot.rules.lists import FileRefusal, ListKind, Row

Lines = list[tuple[int, list[str]]]
WORKBOOK, OLD_OR_SEALED = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
OF_ANOTHER_KIND = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"{\\rtf", b"<")
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
DELIMITERS = "\t;,|"
LONGEST_CELL, LONGEST_LINE = 300, 4000
MOST_COLUMNS = 30
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def lines_of_file(file: File, *, most_bytes: int, most_lines: int) -> Lines:
    """(line number, cells) of a CSV or XLSX file, told by its content; at most one line more than `most_lines`.

    Call it outside any transaction: it can take some seconds. Raises Refused with a `FileRefusal`, and Busy.
    """
    if (file.size or 0) > most_bytes:
        raise Refused(FileRefusal.TOO_LARGE, most=most_bytes // 1024**2)
    data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise Refused(FileRefusal.TOO_LARGE, most=most_bytes // 1024**2)
    if not data.strip():
        raise Refused(FileRefusal.EMPTY)
    if data.startswith(WORKBOOK):
        return _lines_of_workbook(data, most_lines=most_lines)
    if data.startswith(OLD_OR_SEALED):
        raise Refused(FileRefusal.PASSWORD)
    if data.lstrip().startswith(OF_ANOTHER_KIND):
        raise Refused(FileRefusal.WRONG_KIND)
    return lines_of_text(_decoded(data), most_lines=most_lines)


def lines_of_text(text: str, *, most_lines: int) -> Lines:
    """The same of CSV, or of cells pasted from a spreadsheet. The first line tells by what cells are separated."""
    found: Lines = []
    delimiter = ""
    # Lines, so that a quotation mark that is never closed takes its own line along and not the rest of the file.
    for number, line in enumerate(StringIO(text, newline=None), start=1):
        short = line[:LONGEST_LINE].strip("\r\n")
        if short.strip():
            delimiter = delimiter or max(DELIMITERS, key=short.count)
            found.append((number, _cells(short, delimiter)))
        if len(found) > most_lines + 1:
            break
    if not found:
        raise Refused(FileRefusal.EMPTY)
    return found


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        cells = line.split(delimiter)
    return [cell[:LONGEST_CELL] for cell in cells[:MOST_COLUMNS]]


def _decoded(data: bytes) -> str:
    """UTF-8, or what its mark says. Anything else would be guessed, and a guessed name is a wrong name."""
    encoding = next((name for mark, name in MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Refused(FileRefusal.NOT_TEXT) from None
    if "\0" in text:
        raise Refused(FileRefusal.WRONG_KIND)
    return text


def _lines_of_workbook(data: bytes, *, most_lines: int) -> Lines:
    said = in_a_child("bailiwick.spot.forms.workbooks", str(most_lines + 1), data=data)
    answer = json.loads(said) if said else {"refused": FileRefusal.UNREADABLE.value}
    if isinstance(answer, dict):
        raise Refused(FileRefusal(answer["refused"]))
    if not answer:
        raise Refused(FileRefusal.EMPTY)
    return [(line, cells) for line, cells in answer]


def as_csv(kind: ListKind, rows: Iterable[Row]) -> bytes:
    """A list as CSV that can be sent again; of TINs nothing (A-3): empty, a line takes over the form's."""
    cells = ([row[code] if code != "tin" else "" for code in kind.codes] for row in rows)
    return written([column.label for column in kind.columns], cells)


def written(titles: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """CSV in which no cell is a formula to any spreadsheet (AX34)."""
    text = StringIO()
    write_csv(text, titles, lines)
    return text.getvalue().encode(ENCODING)


def template_workbook(kind: ListKind) -> bytes:
    """An empty sheet of the list's columns, all of them text, so that no zero at the front of a TIN is lost."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = kind.code
    for number, column in enumerate(kind.columns, start=1):
        cell = sheet.cell(row=1, column=number, value=column.label)
        cell.font = Font(bold=True)
        letter = cell.column_letter
        sheet.column_dimensions[letter].width = 22
        sheet.column_dimensions[letter].number_format = "@"
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()
