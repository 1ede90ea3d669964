"""What IDM says at sign-in and at its end, and why a sign-in does not come about: one closed list of reasons (M-3)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True)
class SignIn:
    """What a valid ID token says (O-1)."""

    sub: str
    sid: str
    acr: str
    amr: tuple[str, ...]
    auth_time: datetime
    issued_at: datetime


@dataclass(frozen=True)
class Logout:
    """What a valid logout token says: one session, or every session of a person that began before it."""

    jti: str
    sub: str
    sid: str
    issued_at: datetime


@dataclass(frozen=True)
class SubjectChange:
    """What a valid event token says: since that instant `sub` is that other subject, or ("") itself again."""

    sub: str
    merged_into: str
    happened_at: datetime


class Refusal(StrEnum):
    """Stable codes; the words are in `signin/words.py`."""

    STATE_MISSING = "sign_in_state_missing"
    STATE_UNKNOWN = "sign_in_state_unknown"
    OTHER_WINDOW = "sign_in_other_window"
    ATTEMPT_TOO_OLD = "sign_in_attempt_too_old"
    ATTEMPT_USED = "sign_in_attempt_used"
    MALFORMED = "sign_in_malformed"
    OTHER_ISSUER = "sign_in_other_issuer"
    ACCESS_DENIED = "sign_in_access_denied"
    LOGIN_REQUIRED = "sign_in_login_required"
    BUSY = "sign_in_busy"
    UNANSWERED = "sign_in_unanswered"
    NOT_SET_UP = "sign_in_not_set_up"
    CODE_REFUSED = "sign_in_code_refused"
    TOKEN_INVALID = "sign_in_token_invalid"
    TOO_WEAK = "sign_in_too_weak"
    ACCESS_ENDED = "sign_in_access_ended"
    LOGOUT_TOKEN_INVALID = "logout_token_invalid"


ERRORS = {
    "access_denied": Refusal.ACCESS_DENIED,
    "login_required": Refusal.LOGIN_REQUIRED,
    "interaction_required": Refusal.LOGIN_REQUIRED,
    "account_selection_required": Refusal.LOGIN_REQUIRED,
    "consent_required": Refusal.ACCESS_DENIED,
    "unmet_authentication_requirements": Refusal.TOO_WEAK,
    "temporarily_unavailable": Refusal.BUSY,
    "server_error": Refusal.BUSY,
}


def refusal_for(error: str) -> Refusal:
    """SPOT's own refusal for an `error` of the protocol; one that is not listed means the programs disagree."""
    return ERRORS.get(error, Refusal.NOT_SET_UP)


PERSON_CAN_TRY_AGAIN = frozenset(Refusal) - {Refusal.NOT_SET_UP, Refusal.LOGOUT_TOKEN_INVALID}
