"""The vendor over HTTP: signed, bounded in time and size, sent again under the same request id, parsed strictly. (V-6)

The protocol is described in docs/proofing-vendor.md. Nothing here raises: what cannot be read is `Unavailable`.
"""

import json
from dataclasses import asdict

import httpx

from bailiwick.ground.program.asking import LONGEST, PAUSES, TIMES, Asking, Way
from bailiwick.ground.program.breaker import Breaker
from bailiwick.idm.proofing.vendors.answers import outcome_of
from bailiwick.idm.proofing.vendors.port import VerificationRequest
from bailiwick.idm.rules.proofing import Outcome, Unavailable

PATH = "/v1/verifications"


class HttpVendor:
    """Asks a vendor that speaks the protocol of docs/proofing-vendor.md."""

    def __init__(
        self,
        *,
        url: str,
        key_id: str,
        secret: str,
        breaker: Breaker | None = None,
        pauses: tuple[float, ...] = PAUSES,
        times: httpx.Timeout = TIMES,
        longest: float = LONGEST,
    ) -> None:
        way = Way("Bureau", url, PATH, key_id, secret)
        self._asking = Asking(way, breaker=breaker, pauses=pauses, times=times)
        self._longest = longest

    def __repr__(self) -> str:
        return f"<HttpVendor at {self._asking.url}>"

    def verify(self, request: VerificationRequest) -> Outcome:
        answer = self._asking.answer(
            _body(request),
            lambda stated: outcome_of(stated, request),
            at=request.asked_at,
            longest=self._longest,
        )
        return Unavailable() if answer is None else answer

    @property
    def is_away(self) -> bool:
        return self._asking.is_away


def _body(request: VerificationRequest) -> bytes:
    person = {
        "first_name": request.first_name,
        "middle_name": request.middle_name,
        "last_name": request.last_name,
        "suffix": request.suffix,
        "ssn": request.ssn,
        "birth_date": request.birth_date.isoformat(),
        "address": asdict(request.home),
        "phone": request.phone,
    }
    question = {"request_id": str(request.request_id), "reference": request.reference, "person": person}
    return json.dumps(question, sort_keys=True, separators=(",", ":")).encode()
