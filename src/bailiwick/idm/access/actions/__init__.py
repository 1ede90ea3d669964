"""The only writer of role requests and grants: lock, facts, rule, write, tell, in one transaction each."""

from bailiwick.idm.access.actions._refusals import note_refusal
from bailiwick.idm.access.actions._results import Result
from bailiwick.idm.access.actions._stamping import stamp_sign_in
from bailiwick.idm.access.actions._verdicts import Decision
from bailiwick.idm.access.actions.asking import cancel_request, submit_request
from bailiwick.idm.access.actions.deciding import decide, decide_many
from bailiwick.idm.access.actions.inviting import (
    expire_invitations,
    invite,
    note_refused_invitation,
    resend_invitation,
    revoke_invitation,
    take_invitation,
)
from bailiwick.idm.access.actions.keeping import export_access, keep_signed_form
from bailiwick.idm.access.actions.merging import Move, hand_back, hand_over
from bailiwick.idm.access.actions.modifying import modify_grant, set_end_date
from bailiwick.idm.access.actions.removing import (
    follow_record,
    grant_by_bootstrap,
    remove_grant,
    remove_grants,
)
from bailiwick.idm.access.actions.rounds import end_lapsed_grants, expire_requests, remind_deciders
from bailiwick.idm.access.actions.unable import tell_of_unable_approver
from bailiwick.idm.access.actions.watching import watch_continuity

__all__ = [
    "Decision",
    "Move",
    "Result",
    "cancel_request",
    "decide",
    "decide_many",
    "end_lapsed_grants",
    "expire_invitations",
    "expire_requests",
    "export_access",
    "follow_record",
    "grant_by_bootstrap",
    "hand_back",
    "hand_over",
    "invite",
    "keep_signed_form",
    "modify_grant",
    "note_refusal",
    "note_refused_invitation",
    "remind_deciders",
    "remove_grant",
    "remove_grants",
    "resend_invitation",
    "revoke_invitation",
    "set_end_date",
    "stamp_sign_in",
    "submit_request",
    "take_invitation",
    "tell_of_unable_approver",
    "watch_continuity",
]
