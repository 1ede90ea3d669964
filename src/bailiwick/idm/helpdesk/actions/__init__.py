"""A desk's looks and acts, each with its authority asked again under locks; removing and canceling are access's own."""

from bailiwick.idm.helpdesk.actions._acting import Deskwork, note_refusal
from bailiwick.idm.helpdesk.actions.announcing import mail_announcements, publish, withdraw
from bailiwick.idm.helpdesk.actions.calling import check_caller, send_caller_code, send_reset
from bailiwick.idm.helpdesk.actions.looking import hide, note_looks, open_looks, reveal
from bailiwick.idm.helpdesk.actions.proofing import (
    ask_for_documents,
    note_evidence_seen,
    propose_on_documents,
    settle_on_documents,
)
from bailiwick.idm.helpdesk.actions.restoring import agree, start_email_change, start_factor_reset
from bailiwick.idm.helpdesk.actions.roles import cancel_pending, remove_roles
from bailiwick.idm.helpdesk.actions.sharing import open_suspicions, report_sharing, settle_sharing
from bailiwick.idm.helpdesk.actions.stopping import propose_closing, settle_closing, suspend, unsuspend
from bailiwick.idm.helpdesk.actions.undelivered import note_returns, try_again
from bailiwick.idm.helpdesk.actions.unlocking import send_user_id, unlock

__all__ = [
    "Deskwork",
    "agree",
    "ask_for_documents",
    "cancel_pending",
    "check_caller",
    "hide",
    "mail_announcements",
    "note_evidence_seen",
    "note_looks",
    "note_refusal",
    "note_returns",
    "open_looks",
    "open_suspicions",
    "propose_closing",
    "propose_on_documents",
    "publish",
    "remove_roles",
    "report_sharing",
    "reveal",
    "send_caller_code",
    "send_reset",
    "send_user_id",
    "settle_closing",
    "settle_on_documents",
    "settle_sharing",
    "start_email_change",
    "start_factor_reset",
    "suspend",
    "try_again",
    "unlock",
    "unsuspend",
    "withdraw",
]
