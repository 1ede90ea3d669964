"""No vendor is configured: nobody can be proofed online, and the page says so as it does when the vendor is down."""

from bailiwick.idm.proofing.vendors.port import VerificationRequest
from bailiwick.idm.rules.proofing import Outcome, Unavailable


class AbsentVendor:
    """Always unavailable."""

    def verify(self, request: VerificationRequest) -> Outcome:  # noqa: ARG002 - the port's signature
        return Unavailable()

    @property
    def is_away(self) -> bool:
        return True
