"""Builders: list files as people and attackers make them."""

import struct
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook, load_workbook

from bailiwick.spot.forms.listfiles import template_workbook
from bailiwick.spot.rules.lists import AFFILIATED, LISTS

TITLES = [column.label for column in LISTS[AFFILIATED].columns]
LINE = ["Pelican Cove Laser Center", "PC2042", "1900410774", "", "B", "FL", "837", "keep"]


class Sent:
    """A file as Django hands it over."""

    def __init__(self, data: bytes) -> None:
        self.size, self._held = len(data), BytesIO(data)

    def read(self, amount: int = -1, /) -> bytes:
        return self._held.read(amount)


def line(number: int) -> list[str]:
    """A line like no other: each number is another PTAN."""
    return [f"Provider {number}", f"ZZ{number:05}", *LINE[2:]]


def text(lines: Iterable[Sequence[str]], *, delimiter: str = ",") -> bytes:
    return "\n".join(delimiter.join(cells) for cells in [TITLES, *lines]).encode()


def workbook(lines: Iterable[Sequence[object]]) -> bytes:
    """The template, filled in."""
    book = load_workbook(BytesIO(template_workbook(LISTS[AFFILIATED])))
    for cells in lines:
        book.active.append(list(cells))
    return _saved(book)


def with_part(name: str, data: bytes = b"x", *, of: bytes | None = None) -> bytes:
    """A workbook with one part more."""
    kept = BytesIO(of or workbook([LINE]))
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return kept.getvalue()


def with_sheet(xml: bytes, *, styles: bytes | None = None) -> bytes:
    """A workbook whose first sheet is this."""
    source, kept = zipfile.ZipFile(BytesIO(workbook([LINE]))), BytesIO()
    with source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            data = source.read(part)
            if part == "xl/worksheets/sheet1.xml":
                data = xml
            if part == "xl/styles.xml" and styles is not None:
                data = styles
            archive.writestr(part, data)
    return kept.getvalue()


def zip_bomb(megabytes: int) -> bytes:
    return with_part("xl/media/image1.png", bytes(megabytes * 1024**2))


def lying_archive() -> bytes:
    """A part that says it is small and unpacks to 100 MB."""
    data = bytearray(with_part("xl/theme/more.xml", bytes(100 * 1024**2)))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    return bytes(data)


def xml_bomb(*, of_sheet: bool = True) -> bytes:
    """A billion laughs, in the sheet or among its styles."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>'
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row>'
    sheet = f"{body}<worksheet {XMLNS}><sheetData>{cell}</sheetData></worksheet>".encode()
    return (
        with_sheet(sheet) if of_sheet else with_sheet(SHEET, styles=f"{body}<styleSheet {XMLNS}/>".encode())
    )


def external_entity() -> bytes:
    """A sheet that asks for a file of the computer that reads it."""
    body = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&f;</t></is></c></row>'
    return with_sheet(f"{body}<worksheet {XMLNS}><sheetData>{cell}</sheetData></worksheet>".encode())


def far_away_cell() -> bytes:
    """One cell in the last row and column that a workbook can have."""
    cell = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    return with_sheet(f"<worksheet {XMLNS}><sheetData>{cell}</sheetData></worksheet>".encode())


def encrypted_archive() -> bytes:
    """A zip whose parts say that they need a password."""
    data = bytearray(workbook([LINE]))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) != -1:
        struct.pack_into("<H", data, at + 8, 1)
        at += 4
    return bytes(data)


XMLNS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = f"<worksheet {XMLNS}><sheetData/></worksheet>".encode()


def _saved(book: Workbook) -> bytes:
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()
