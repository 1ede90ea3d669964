"""The only writer of cases: lock, facts, rule, write, tell, in one transaction each."""

from bailiwick.spot.forms.actions.asking import ask_for_signature, resend_invitation
from bailiwick.spot.forms.actions.deciding import (
    approve,
    deny,
    note_callback,
    note_look,
    note_refusal,
    return_case,
    take,
)
from bailiwick.spot.forms.actions.ending import expire_cases, forget_old, withdraw
from bailiwick.spot.forms.actions.filechecks import answer_file_check, begin_file_check
from bailiwick.spot.forms.actions.listing import save_rows
from bailiwick.spot.forms.actions.opening import (
    close_session,
    note_seen,
    open_with_code,
    prove_contact,
    send_access_code,
    send_contact_code,
)
from bailiwick.spot.forms.actions.saving import save_answers
from bailiwick.spot.forms.actions.signing import send_signing_code, sign
from bailiwick.spot.forms.actions.starting import start_case

__all__ = [
    "answer_file_check",
    "approve",
    "ask_for_signature",
    "begin_file_check",
    "close_session",
    "deny",
    "expire_cases",
    "forget_old",
    "note_callback",
    "note_look",
    "note_refusal",
    "note_seen",
    "open_with_code",
    "prove_contact",
    "resend_invitation",
    "return_case",
    "save_answers",
    "save_rows",
    "send_access_code",
    "send_contact_code",
    "send_signing_code",
    "sign",
    "start_case",
    "take",
    "withdraw",
]
