"""Lists that somebody takes along."""

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground.pages.spreadsheets import RUNS_AS_FORMULA, as_text, write_csv


@pytest.mark.parametrize("start", [*RUNS_AS_FORMULA, " =", "\n=", "\u00a0@"])
def test_no_cell_runs_as_a_formula(start):
    """A name may begin as it likes; a spreadsheet takes it for text (AX34). [Q-11, B-4]"""
    assert as_text(f"{start}HYPERLINK(0)").startswith("'") or start in {"\t", "\r", "\n"}
    assert not as_text(f"{start}cmd").startswith(RUNS_AS_FORMULA)


@given(st.text())
def test_a_cell_is_one_line_and_keeps_its_words(cell):
    """Whatever was typed. [Q-11, B-4]"""
    shown = as_text(cell)
    assert "\n" not in shown
    assert "\r" not in shown
    assert not shown.startswith(RUNS_AS_FORMULA)
    assert shown.removeprefix("'").split() == cell.removeprefix("'").split() or cell.startswith("'")


def test_lines_are_written_as_they_come_and_counted():
    """Any number of lines, read back as they were. [B-4]"""
    file = StringIO()
    assert write_csv(file, ["A", "B"], ((str(n), '"=1"') for n in range(3))) == 3
    assert list(csv.reader(StringIO(file.getvalue())))[1:] == [[str(n), '"=1"'] for n in range(3)]
    assert write_csv(StringIO(), ["A"], []) == 0
