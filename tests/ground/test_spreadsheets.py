"""Lists that somebody takes along."""

import csv
import shutil
import subprocess
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground.pages.spreadsheets import ENCODING, RUNS_AS_FORMULA, as_text, write_csv


@pytest.mark.parametrize("start", [*RUNS_AS_FORMULA, " =", "\n=", "\u00a0@"])
def test_no_cell_runs_as_a_formula(start):
    """A name may begin as it likes; a spreadsheet takes it for text (AX34). [Q-11, B-4]"""
    assert as_text(f"{start}HYPERLINK(0)").startswith("'") or start in {"\t", "\r", "\n"}
    assert not as_text(f"{start}cmd").startswith(RUNS_AS_FORMULA)


@pytest.mark.parametrize("separators", [";", ",;\t"])
@pytest.mark.skipif(
    not shutil.which("soffice"), reason="needs LibreOffice: apt install libreoffice-calc-nogui"
)
@pytest.mark.slow
def test_a_spreadsheet_finds_no_formula_in_it(tmp_path, separators):
    """LibreOffice, told to divide at commas, semicolons, or all it knows of, evaluates nothing (AX34). [Q-11, B-4, F-4]"""
    starts = [
        f"{before}{start}1+1"
        for start in RUNS_AS_FORMULA
        for before in ("", " ", "x;", "x; ", 'x;"', "x,", "x\t")
    ]
    paths = tmp_path / "ours.csv", tmp_path / "bare.csv"
    with paths[0].open("w", encoding=ENCODING, newline="") as file:
        write_csv(file, ["Name", "Cell"], ((start, "x") for start in starts))
    paths[1].write_text("Name;Cell\nx;=1+1\n" if ";" in separators else "Name,Cell\nx,=1+1\n")
    codes = "/".join(str(ord(sign)) for sign in separators)
    command = [
        "soffice",
        f"-env:UserInstallation={tmp_path.as_uri()}/own",
        "--headless",
        "--convert-to",
        "fods",
    ]
    told = f"--infilter=Text - txt - csv (StarCalc):{codes},34,76,1"
    subprocess.run(
        [*command, told, "--outdir", str(tmp_path), *map(str, paths)], check=True, capture_output=True
    )
    found = ["table:formula" in path.with_suffix(".fods").read_text() for path in paths]
    assert found == [False, True]


@given(st.text())
def test_a_cell_is_one_line_and_keeps_its_words(cell):
    """Whatever was typed. [Q-11, B-4]"""
    shown = as_text(cell)
    assert "\n" not in shown
    assert "\r" not in shown
    assert not shown.startswith(RUNS_AS_FORMULA)
    assert shown.replace("'", "").split() == cell.replace("'", "").split()


def test_lines_are_written_as_they_come_and_counted():
    """Any number of lines, read back as they were. [B-4]"""
    file = StringIO()
    assert write_csv(file, ["A", "B"], ((str(n), '"=1"') for n in range(3))) == 3
    assert list(csv.reader(StringIO(file.getvalue()), strict=True))[1:] == [
        [str(n), '"=1"'] for n in range(3)
    ]
    assert write_csv(StringIO(), ["A"], []) == 0
