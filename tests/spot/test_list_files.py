"""A list file is what its content says; each of twelve hostile classes gets a sentence, and never an error (F-4, AX34)."""

import random
from html import unescape
from pathlib import Path

import pytest

from bailiwick.ground.pages.words import GENERIC, sentence_for
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms.listfiles import as_csv, lines_of_file, written
from bailiwick.spot.rules.listreading import read
from bailiwick.spot.rules.lists import AFFILIATED, LISTS, FileRefusal, Problem
from tests.ground import build_uploads
from tests.spot import build_lists as build
from tests.spot.build_form_pages import texts
from tests.spot.build_lists import LINE, TITLES, Sent
from tests.spot.test_form_lists import at_the_list, rows, upload
from tests.thorough import whole

KIND = LISTS[AFFILIATED]
MOST = 10 * 1024**2
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FINE = {
    "csv": build.text([LINE]),
    "csv with a mark": b"\xef\xbb\xbf" + build.text([LINE]),
    "csv with semicolons": build.text([LINE], delimiter=";"),
    "copied cells": build.text([LINE], delimiter="\t"),
    "unicode text of Excel": build.text([LINE], delimiter="\t").decode().encode("utf-16"),
    "xlsx": build.workbook([LINE]),
    "xlsx with numbers as numbers": build.workbook([[*LINE[:2], 1900410774, *LINE[3:6], 837, LINE[7]]]),
    "a name of another ending": build.workbook([LINE]),
}
HOSTILE = {
    # 1 wrong type
    "a pdf": (build_uploads.document, FileRefusal.WRONG_KIND),
    "a picture": (lambda: build_uploads.picture("PNG"), FileRefusal.WRONG_KIND),
    "an archive of something else": (lambda: b"PK\x05\x06" + bytes(18), FileRefusal.WRONG_KIND),
    # 2 double extension: the name counts for nothing
    "a program": (lambda: b"MZ" + bytes(400), FileRefusal.WRONG_KIND),
    "a web page": (lambda: b"<html><script>alert(1)</script>", FileRefusal.WRONG_KIND),
    # 3 zip bomb
    "a part of 100 MB": (lambda: build.zip_bomb(100), FileRefusal.UNPACKS_TOO_FAR),
    "a part that lies about its size": (build.lying_archive, None),
    "a cell in the last corner": (build.far_away_cell, FileRefusal.UNPACKS_TOO_FAR),
    # 4 XML bomb
    "a billion laughs": (build.xml_bomb, FileRefusal.UNREADABLE),
    "laughs among the styles": (lambda: build.xml_bomb(of_sheet=False), FileRefusal.UNREADABLE),
    "an entity of a file": (build.external_entity, FileRefusal.UNREADABLE),
    # 6 broken encodings
    "letters of another time": (lambda: "Clínica,PTAN,NPI".encode("cp1252"), FileRefusal.NOT_TEXT),
    "half of a letter": (lambda: build.text([LINE]) + b"\xe2\x82", FileRefusal.NOT_TEXT),
    "half of utf-16": (lambda: b"\xff\xfea", FileRefusal.NOT_TEXT),
    "text with zeros": (lambda: b"PTAN,NPI\0\n", FileRefusal.WRONG_KIND),
    # 7 huge
    "eleven megabytes": (lambda: b"a,b,c\n" * (2 * 1024**2), FileRefusal.TOO_LARGE),
    # 8 empty
    "nothing": (lambda: b"", FileRefusal.EMPTY),
    "white space": (lambda: b" \r\n\t\n", FileRefusal.EMPTY),
    "a workbook without a cell": (lambda: build.with_sheet(build.SHEET), FileRefusal.EMPTY),
    # 9 macro
    "a macro": (lambda: build.with_part("xl/vbaProject.bin"), FileRefusal.PROGRAMS),
    "a control": (lambda: build.with_part("xl/activeX/activeX1.xml"), FileRefusal.PROGRAMS),
    "a file inside": (lambda: build.with_part("xl/embeddings/oleObject1.bin"), FileRefusal.PROGRAMS),
    # 10 password
    "a sealed or old workbook": (lambda: OLE + bytes(600), FileRefusal.PASSWORD),
    "parts with a password": (build.encrypted_archive, FileRefusal.PASSWORD),
    # 11 polyglot
    "a workbook that is a web page, too": (
        lambda: build.workbook([LINE]) + b"<script>alert(1)</script>",
        FileRefusal.MORE_THAN_ONE,
    ),
    "a workbook behind a picture": (
        lambda: build_uploads.picture("PNG") + build.workbook([LINE]),
        FileRefusal.WRONG_KIND,
    ),
    # 12 path in name
    "a part that climbs": (lambda: build.with_part("../../etc/cron.d/x"), FileRefusal.UNREADABLE),
    "a part with a root": (lambda: build.with_part("/etc/passwd"), FileRefusal.UNREADABLE),
    "a workbook cut short": (lambda: build.workbook([LINE])[:-400], FileRefusal.UNREADABLE),
}


def lines(data: bytes):
    return lines_of_file(Sent(data), most_bytes=MOST, most_lines=5000)


@pytest.mark.parametrize("what", FINE)
def test_a_list_is_read_however_it_was_saved(what):
    """CSV with any separator, copied cells, and XLSX: the same line. [F-4]"""
    said = read(KIND, lines(FINE[what]), tin="900450101", most=5000)
    assert [row["ptan"] for _line, row in said.good] == ["PC2042"], said.bad
    assert said.good[0][1]["tin"] == "900450101"


# What a file is called counts for nothing, and harms nobody.
NAMES = (
    "list.csv",
    "list.csv.exe",
    "list.pdf.xlsx",
    "../../../etc/passwd",
    "..\\..\\list.xlsx",
    "\u202evsc.exe",
    f"{'l' * 300}.csv",
    '"><svg onload=alert(1)>.xlsx',
)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_hostile_file_gets_a_sentence():
    """On the page, under names that lie: each class for its own reason, and nothing of the list changes. [F-4, AX34]"""
    browser = at_the_list()
    for number, (what, (made, code)) in enumerate(HOSTILE.items()):
        before = rows(browser.case)
        answer = upload(browser, made(), NAMES[number % len(NAMES)])
        if code is None:
            # What only looks hostile is read as what it is, line by line.
            assert answer.status_code in (302, 422), what
            continue
        assert answer.status_code == 422, what
        sentence = sentence_for(code, most=MOST // 1024**2)
        assert sentence != str(GENERIC), what
        assert sentence in unescape(texts(answer)), what
        assert "svg onload" not in answer.content.decode()
        assert rows(browser.case) == before, what


@pytest.mark.slow
def test_damaged_files_of_every_class_get_a_sentence_too():
    """Cut short, or with other bytes in between: a sentence or lines, and never an error. [F-4, quality: hostile input]"""
    chance = random.Random(20261122)
    small = [
        data for data in (*FINE.values(), *(made() for made, _ in HOSTILE.values())) if len(data) < 2**20
    ]
    for _ in range(whole(600, part=8)):
        data = bytearray(chance.choice(small))
        for _damage in range(chance.randrange(4)):
            data[chance.randrange(len(data) or 1) : chance.randrange(len(data) + 1)] = chance.randbytes(2)
        _refused(bytes(data[: chance.choice([len(data), chance.randrange(len(data) + 1)])]))


def test_a_formula_is_told_by_its_line_and_never_run():
    """In a CSV, and in a workbook, whatever it computes. [AX34]"""
    attacks = ["=1+1", "+1", "-1", "@SUM(1)", '=HYPERLINK("http://x")']
    rows = [[attack, *LINE[1:]] for attack in attacks]
    for data in (build.text([[cell.replace('"', "") for cell in row] for row in rows]), build.workbook(rows)):
        said = read(KIND, lines(data), most=5000)
        assert not said.good
        assert [bad.line for bad in said.bad] == [2, 3, 4, 5, 6]
        assert {fault.code for bad in said.bad for fault in bad.faults} == {Problem.FORMULA}


def test_every_mistake_of_a_file_is_told_at_once():
    """Line by line, each with all that is wrong with it; the good lines are read all the same. [F-4]"""
    rows = [
        LINE,
        ["", "PC1", "1900410775", "12", "C", "TX", "999", "maybe"],
        LINE,
        [*LINE[:3], "900450102", *LINE[4:]],
        ["Other", "PC2043", *LINE[2:6], "ERA", "keep"],
        [*build.line(1), "one", "more"],
    ]
    said = read(KIND, lines(build.text(rows)), tin="900450101", most=5000)
    assert [line for line, _row in said.good] == [2]
    told = {bad.line: [str(fault.code) for fault in bad.faults] for bad in said.bad}
    assert told == {
        3: [
            "answer_missing",
            "answer_ptan_shape",
            "answer_npi_check_digit",
            "answer_tin_shape",
            "answer_not_a_choice",
            "answer_not_a_choice",
            "answer_not_a_choice",
        ],
        4: ["row_twice"],
        5: ["row_other_tin"],
        6: ["row_era_clash"],
        7: ["row_too_many_cells"],
    }
    for bad in said.bad:
        for fault in bad.faults:
            assert sentence_for(fault.code, **fault.facts) != str(GENERIC)


def test_columns_are_found_by_their_titles():
    """In whatever order, with columns that are not ours; without titles in the order of the template. [F-4]"""
    cells = dict(zip(TITLES, LINE, strict=True)) | {"Remarks": "call first"}
    order = ["Remarks", *reversed(TITLES)]
    data = "\n".join([",".join(order), ",".join(cells[title] for title in order)]).encode()
    assert read(KIND, lines(data), tin="900450101", most=9).good[0][1]["name"] == LINE[0]
    assert read(KIND, lines(",".join(LINE).encode()), tin="900450101", most=9).good[0][1]["name"] == LINE[0]


def test_a_list_ends_at_its_longest():
    """5,000 lines are read, the next one is told; nothing is dropped silently. [F-4]"""
    said = read(KIND, lines(build.text(build.line(n) for n in range(5001))), tin="900450101", most=5000)
    assert len(said.good) == 5000
    assert [fault.code for fault in said.bad[0].faults] == [Problem.TOO_MANY_ROWS]
    assert said.bad[0].line == 5002


def test_a_cell_that_goes_out_is_no_formula():
    """What a spreadsheet would run is written as text. [AX34]"""
    assert b"'=cmd" in written(["a"], [["=cmd"]])
    row = dict(zip(KIND.codes, [*LINE[:3], "900450101", *LINE[4:]], strict=True))
    assert b"900450101" not in as_csv(KIND, [row])


@pytest.mark.slow
def test_hostile_files_leave_no_memory_behind():
    """Sent again and again, the most that they take is what the first ones took. [quality: memory flat]"""
    large = [build.zip_bomb(100), b"a," * (5 * 1024**2), b"\n" * (MOST - 1) + b"a"]
    peaks = []
    for _again in range(2):
        # The kernel counts its peak anew: what tests before this one took does not hide what these take.
        Path("/proc/self/clear_refs").write_text("5")
        for data in large:
            _refused(data)
        peaks.append(_peak())
    assert peaks[1] - peaks[0] < 16 * 1024, peaks


def _peak() -> int:
    """KiB, the most that this process held since the kernel counts."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


def _refused(data: bytes) -> None:
    try:
        read(KIND, lines(data), most=5000)
    except Refused as refused:
        assert refused.code in set(FileRefusal)
