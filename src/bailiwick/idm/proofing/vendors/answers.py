"""Reading a vendor's answer: exactly the protocol's shape, or `MalformedAnswer`. Pure."""

import json
import re
from datetime import datetime
from typing import Any

from bailiwick.ground.program.asking import MalformedAnswer
from bailiwick.idm.proofing.vendors.port import VerificationRequest
from bailiwick.idm.rules.proofing import Call, NotVerified, Outcome, Verified

REFERENCE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{6,30})[A-Z0-9]", re.ASCII)
CALL_NUMBER = re.compile(r"[0-9()+ .-]{7,20}", re.ASCII)


def outcome_of(answer: bytes, request: VerificationRequest) -> Outcome:
    """The outcome that `answer` states to `request`. Raises MalformedAnswer."""
    try:
        stated = json.loads(answer, object_pairs_hook=_said_once)
    except (ValueError, RecursionError) as problem:
        raise MalformedAnswer("not JSON") from problem
    if not isinstance(stated, dict) or stated.get("request_id") != str(request.request_id):
        raise MalformedAnswer("not an answer to this request")
    match stated.get("outcome"):
        case "verified":
            return Verified()
        case "not_verified":
            return NotVerified()
        case "call":
            return Call(
                reference=_text(stated, "reference", REFERENCE),
                expires_at=_instant(stated.get("reference_expires_at")),
                call_number=_text(stated, "call_number", CALL_NUMBER),
            )
    raise MalformedAnswer("outcome")


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A member that is stated twice states nothing: which of the two holds, is not for us to choose."""
    stated = dict(pairs)
    if len(stated) != len(pairs):
        raise MalformedAnswer("a member twice")
    return stated


def _text(stated: dict[str, Any], name: str, shape: re.Pattern[str]) -> str:
    value = stated.get(name)
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise MalformedAnswer(name)
    return value


def _instant(value: object) -> datetime:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise MalformedAnswer("reference_expires_at")
    return instant
