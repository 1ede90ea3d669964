"""A vendor that answers what it was told to: for tests of those who ask."""

from threading import Lock
from uuid import UUID

from bailiwick.idm.proofing.vendors.port import VerificationRequest
from bailiwick.idm.rules.proofing import Outcome, Unavailable


class ScriptedVendor:
    """Answers in turn, the last one for ever; a request id that was answered gets the same answer again.

    `requests` keeps what was asked. Like a real vendor, an id that got `Unavailable` has not been answered.
    """

    def __init__(self, *answers: Outcome) -> None:
        self.answers = list(answers)
        self.requests: list[VerificationRequest] = []
        self._answered: dict[UUID, Outcome] = {}
        self._lock = Lock()

    def verify(self, request: VerificationRequest) -> Outcome:
        with self._lock:
            self.requests.append(request)
            if request.request_id in self._answered:
                return self._answered[request.request_id]
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if not isinstance(answer, Unavailable):
                self._answered[request.request_id] = answer
            return answer

    @property
    def is_away(self) -> bool:
        return isinstance(self.answers[0], Unavailable)
