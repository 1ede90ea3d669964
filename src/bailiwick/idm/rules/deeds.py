"""What can be written on IDM's ledger (L-2): `subject:thing:verb`, stable for ever."""

from enum import StrEnum


class Deed(StrEnum):
    """Grow this list; never rename or reuse an entry."""

    ACCOUNT_OPENED = "account:registration:opened"
    ACCOUNT_REGISTRATION_STOPPED = "account:registration:stopped"
    ACCOUNT_PROFILE_CHANGED = "account:profile:changed"
    ACCOUNT_FACTS_CORRECTED = "account:facts:corrected"
    ACCOUNT_SSN_VERIFIED = "account:ssn:verified"
    ACCOUNT_SSN_VOIDED = "account:ssn:voided"
    ACCOUNT_DISCARDED = "account:registration:discarded"
    TERMS_ACCEPTED = "account:terms:accepted"

    SIGN_IN_PASSWORD_PASSED = "signin:password:passed"  # noqa: S105
    SIGN_IN_PASSWORD_FAILED = "signin:password:failed"  # noqa: S105
    SIGN_IN_PATH_LOCKED = "signin:path:locked"
    SIGN_IN_PATH_SUSPENDED = "signin:path:suspended"
    SIGN_IN_PATH_OPENED = "signin:path:opened"
    SIGN_IN_CODE_SENT = "signin:code:sent"
    SIGN_IN_FACTOR_FAILED = "signin:factor:failed"
    SIGN_IN_COMPLETED = "signin:session:completed"
    SESSION_ENDED = "signin:session:ended"
    FACTOR_ADDED = "signin:factor:added"
    FACTOR_REMOVED = "signin:factor:removed"
    FACTOR_RENAMED = "signin:factor:renamed"
    STEP_UP_PASSED = "signin:stepup:passed"
    PASSWORD_CHANGED = "signin:password:changed"  # noqa: S105
    PASSWORD_RESET = "signin:password:reset"  # noqa: S105
    RESET_LINK_SENT = "signin:resetlink:sent"
    RESET_LINK_REFUSED = "signin:resetlink:refused"
    SECURITY_ANSWER_FAILED = "signin:answer:failed"

    APPLICATION_SIGN_IN = "application:signin:completed"
    APPLICATION_SIGN_IN_REFUSED = "application:signin:refused"
    APPLICATION_SESSIONS_ENDED = "application:sessions:ended"
    TOKEN_FAMILY_REVOKED = "application:tokens:revoked"  # noqa: S105
    CLIENT_REFUSED = "application:client:refused"
    CATALOGUE_APPLIED = "application:catalogue:applied"

    PROOFING_CONSENTED = "proofing:case:consented"
    PROOFING_ATTEMPTED = "proofing:attempt:begun"
    PROOFING_OUTCOME = "proofing:attempt:answered"

    RECORD_RECEIVED = "organization:record:received"
    ORGANIZATION_CLAIMED = "organization:record:claimed"
    ORGANIZATION_MATCH_REFUSED = "organization:record:mismatched"
    ORGANIZATION_LOOK_UPS_REFUSED = "organization:lookups:refused"

    REQUEST_SUBMITTED = "request:role:submitted"
    REQUEST_APPROVED = "request:role:approved"
    REQUEST_DENIED = "request:role:denied"
    REQUEST_CANCELLED = "request:role:cancelled"
    REQUEST_EXPIRED = "request:role:expired"
    REQUEST_REMINDED = "request:deciders:reminded"
    GRANT_STARTED = "grant:role:started"
    GRANT_ENDED = "grant:role:ended"
    AUTHORITY_REFUSED = "authority:act:refused"
    DESK_LOOKED = "desk:person:looked"
    DESK_REVEALED = "desk:value:revealed"
    DESK_USER_ID_SENT = "desk:userid:sent"
    CALLER_CODE_SENT = "desk:caller:asked"
    CALLER_CHECK_PASSED = "desk:caller:passed"
    CALLER_CHECK_FAILED = "desk:caller:failed"
