"""The only writer of cases: lock, facts, rule, write, tell, in one transaction each."""

from bailiwick.spot.forms.actions.asking import ask_for_signature, resend_invitation
from bailiwick.spot.forms.actions.certifying import confirm_document, sign_with_certificate
from bailiwick.spot.forms.actions.deciding import (
    approve,
    deny,
    note_callback,
    note_look,
    return_case,
    take,
)
from bailiwick.spot.forms.actions.desk import note_refusal
from bailiwick.spot.forms.actions.ending import expire_cases, forget_old, withdraw
from bailiwick.spot.forms.actions.filechecks import answer_file_check, begin_file_check
from bailiwick.spot.forms.actions.handing import give
from bailiwick.spot.forms.actions.listed import tell_listed
from bailiwick.spot.forms.actions.listing import save_rows
from bailiwick.spot.forms.actions.objecting import object_to, settle_objections
from bailiwick.spot.forms.actions.opening import (
    close_session,
    note_seen,
    open_with_code,
    prove_contact,
    send_access_code,
    send_contact_code,
)
from bailiwick.spot.forms.actions.payerwaits import end_payer_wait, wait_for_payer
from bailiwick.spot.forms.actions.reporting import begin_export, note_exported, note_report_look
from bailiwick.spot.forms.actions.saving import save_answers
from bailiwick.spot.forms.actions.signing import send_signing_code, sign
from bailiwick.spot.forms.actions.starting import start_case
from bailiwick.spot.forms.actions.undelivered import try_notice_again

__all__ = [
    "answer_file_check",
    "approve",
    "ask_for_signature",
    "begin_export",
    "begin_file_check",
    "close_session",
    "confirm_document",
    "deny",
    "end_payer_wait",
    "expire_cases",
    "forget_old",
    "give",
    "note_callback",
    "note_exported",
    "note_look",
    "note_refusal",
    "note_report_look",
    "note_seen",
    "object_to",
    "open_with_code",
    "prove_contact",
    "resend_invitation",
    "return_case",
    "save_answers",
    "save_rows",
    "send_access_code",
    "send_contact_code",
    "send_signing_code",
    "settle_objections",
    "sign",
    "sign_with_certificate",
    "start_case",
    "take",
    "tell_listed",
    "try_notice_again",
    "wait_for_payer",
    "withdraw",
]
