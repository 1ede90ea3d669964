"""Lists that somebody takes along: how many, and of which day (Q-11, SR-38). Pure."""

from datetime import date
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.limits import Limits


class Refusal(StrEnum):
    NOT_TO_EXPORT = "not_to_export"
    TOO_MANY_EXPORTS = "too_many_exports"
    DAY_AHEAD = "day_ahead"


AUTHORITY = frozenset({Refusal.NOT_TO_EXPORT})
"""The refusals that go on the ledger: somebody reached for what is not theirs (L-2)."""


def may_export(*, may_see: bool, exports_this_hour: int, day: date, today: date, limits: Limits) -> Yes | No:
    """Whoever sees the page may take it along, a few times an hour; nobody knows who has access tomorrow."""
    if not may_see:
        return No(Refusal.NOT_TO_EXPORT)
    if day > today:
        return No(Refusal.DAY_AHEAD)
    if exports_this_hour >= limits.exports_an_hour:
        return No(Refusal.TOO_MANY_EXPORTS, {"most": limits.exports_an_hour})
    return Yes()
