"""docs/proofing-matrix.md says what every answer of the vendor leads to, whichever way a person comes back: walked, not drawn.

`BAILIWICK_WRITE_MATRIX=1 pytest tests/idm/test_proofing_matrix.py` prints it anew.
"""

import os

import pytest
from django.db import connection

from tests.idm import build_matrix as build
from tests.idm.build_bureau import running
from tests.thorough import IS_THOROUGH

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WRITES = os.environ.get("BAILIWICK_WRITE_MATRIX") == "1"
# At the same instant from two tabs: that is the engine's affair, too.
ON_BOTH_ENGINES = "in two tabs"
INTRODUCTION = """# Every answer × every way back

What each answer of the proofing vendor leads to (rules V-3 to V-6), for each way in which a person goes on. Every cell
is walked through IDM's pages and a real bureau over HTTP by `tests/idm/test_proofing_matrix.py`, which prints this
page with `BAILIWICK_WRITE_MATRIX=1` and compares it otherwise. In every cell it holds that the person is proofed at
most once (one case, one SSN, one mail, one letter), that the page that is due offers a way on, and that nothing has to
be typed again. "3 left": online tries left in these 24 hours; an answer that never came uses none.

"""


@pytest.fixture(scope="module")
def bureau(tmp_path_factory):
    people = tmp_path_factory.mktemp("people") / "people.toml"
    people.write_text(build.people())
    with running(people) as bureau:
        yield bureau


@pytest.fixture(scope="module")
def walked():
    """What was seen, written down at the end."""
    cells = {}
    yield cells
    if WRITES and set(cells) == set(build.ROWS):
        build.DOC.write_text(INTRODUCTION + build.table_of(cells))


@pytest.mark.parametrize("row", build.ROWS)
def test_every_way_back_ends_as_the_matrix_says(settings, bureau, walked, row):
    """Proofed at most once, never stuck, nothing typed again; killed, answering twice and garbage included. [V-3, V-4, V-6]"""
    settings.PROOFING_VENDOR = None
    walked[row] = {column: build.walk(bureau, row, column) for column in columns_here(row)}
    if not WRITES:
        said = build.printed()[row]
        assert walked[row] == {column: said[column] for column in walked[row]}


def columns_here(row):
    """Two engines share the cells like the fields of a chessboard; all on each in a soak, and where the page is printed."""
    if IS_THOROUGH or WRITES:
        return list(build.COLUMNS)
    first = (list(build.ROWS).index(row) + (connection.vendor == "postgresql")) % 2
    return [column for at, column in enumerate(build.COLUMNS) if at % 2 == first or column == ON_BOTH_ENGINES]
