"""What can be written on SPOT's ledger (L-2): `subject:thing:verb`, stable for ever."""

from enum import StrEnum


class Deed(StrEnum):
    """Grow this list; never rename or reuse an entry."""

    SIGN_IN_COMPLETED = "signin:session:completed"
    SIGN_IN_REFUSED = "signin:session:refused"
    SESSION_ENDED = "signin:session:ended"
    SESSION_CONFIRMED = "signin:session:confirmed"
    SESSION_UNANSWERED = "signin:session:unanswered"
    SIGN_INS_FORGOTTEN = "signin:records:forgotten"
    LOGOUT_TOLD = "signin:logout:told"

    RECORD_ENROLLED = "enrollment:record:enrolled"
    RECORD_CHANGED = "enrollment:record:changed"
    RECORD_CLOSED = "enrollment:record:closed"
    RECORD_CONFIRMED = "enrollment:record:confirmed"
    RECORD_REFUSED = "enrollment:record:refused"
    RECORD_SENT_AGAIN = "enrollment:record:resent"
