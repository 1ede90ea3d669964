"""Lists that somebody takes along."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.exports import RUNS_AS_FORMULA, Refusal, as_text, may_export
from bailiwick.idm.rules.limits import Limits

TODAY = date(2026, 3, 2)
USUAL = {"may_see": True, "exports_this_hour": 9, "day": TODAY, "today": TODAY, "limits": Limits()}


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({}, Yes()),
        ({"may_see": False}, No(Refusal.NOT_TO_EXPORT)),
        ({"day": date(2026, 3, 3)}, No(Refusal.DAY_AHEAD)),
        ({"exports_this_hour": 10}, No(Refusal.TOO_MANY_EXPORTS, {"most": 10})),
    ],
)
def test_who_sees_the_page_takes_it_along_ten_times_an_hour(change, answer):
    """Of a day that has come. [Q-11]"""
    assert may_export(**(USUAL | change)) == answer


@pytest.mark.parametrize("start", [*RUNS_AS_FORMULA, " =", "\n=", "\u00a0@"])
def test_no_cell_runs_as_a_formula(start):
    """A name may begin as it likes; a spreadsheet takes it for text (AX34). [Q-11]"""
    assert as_text(f"{start}HYPERLINK(0)").startswith("'") or start in {"\t", "\r", "\n"}
    assert not as_text(f"{start}cmd").startswith(RUNS_AS_FORMULA)


@given(st.text())
def test_a_cell_is_one_line_and_keeps_its_words(cell):
    """Whatever was typed. [Q-11]"""
    shown = as_text(cell)
    assert "\n" not in shown
    assert "\r" not in shown
    assert not shown.startswith(RUNS_AS_FORMULA)
    assert shown.removeprefix("'").split() == cell.removeprefix("'").split() or cell.startswith("'")
