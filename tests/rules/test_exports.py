"""Lists that somebody takes along."""

from datetime import date

import pytest

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.exports import Refusal, may_export
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
