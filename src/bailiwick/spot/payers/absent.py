"""No payer file is configured: nothing can be compared, and pages say so as they do when the payer is down."""

from bailiwick.spot.payers.port import Outcome, Unavailable


class AbsentPayer:
    """Always unavailable."""

    def find(self, *, ptan: str, npi: str, tin: str) -> Outcome:  # noqa: ARG002 - the port's signature
        return Unavailable()
