"""No payer file is configured: nothing can be compared, and pages say so as they do when the payer is down."""

from collections.abc import Sequence

from bailiwick.spot.payers.port import Match, NoMatch, Numbers, Unavailable


class AbsentPayer:
    """Always unavailable."""

    def find_all(self, asked: Sequence[Numbers]) -> list[Match | NoMatch] | Unavailable:  # noqa: ARG002 - the port's signature
        return Unavailable()

    @property
    def is_away(self) -> bool:
        return True
