"""The only writer of role requests and grants: lock, facts, rule, write, tell, in one transaction each."""

from bailiwick.idm.access.actions._refusals import note_refusal
from bailiwick.idm.access.actions._results import Result
from bailiwick.idm.access.actions._stamping import stamp_sign_in, stamp_sign_ins
from bailiwick.idm.access.actions._verdicts import Decision
from bailiwick.idm.access.actions.asking import cancel_request, submit_request
from bailiwick.idm.access.actions.certifying import Review, certify, certify_many, hand_certification
from bailiwick.idm.access.actions.deciding import decide, decide_many
from bailiwick.idm.access.actions.endings import record_endings
from bailiwick.idm.access.actions.entering import enter
from bailiwick.idm.access.actions.inviting import (
    expire_invitations,
    invite,
    note_refused_invitation,
    resend_invitation,
    revoke_invitation,
    take_invitation,
)
from bailiwick.idm.access.actions.keeping import (
    export_access,
    export_chain,
    keep_signed_form,
    note_told,
)
from bailiwick.idm.access.actions.merging import Move, hand_back, hand_over
from bailiwick.idm.access.actions.modifying import modify_grant, set_end_date
from bailiwick.idm.access.actions.removing import (
    follow_record,
    grant_by_bootstrap,
    remove_grant,
    remove_grants,
)
from bailiwick.idm.access.actions.resting import note_inactivity
from bailiwick.idm.access.actions.restoring import restore_missed
from bailiwick.idm.access.actions.rounds import expire_requests, remind_deciders
from bailiwick.idm.access.actions.season import (
    carry_the_last_of_security,
    open_certifications,
    tell_certifiers,
    warn_holders,
)
from bailiwick.idm.access.actions.spreading import spread_certifications
from bailiwick.idm.access.actions.telling import tell_owed
from bailiwick.idm.access.actions.unable import tell_of_unable_approver
from bailiwick.idm.access.actions.watching import watch_continuity

__all__ = [
    "Decision",
    "Move",
    "Result",
    "Review",
    "cancel_request",
    "carry_the_last_of_security",
    "certify",
    "certify_many",
    "decide",
    "decide_many",
    "enter",
    "expire_invitations",
    "expire_requests",
    "export_access",
    "export_chain",
    "follow_record",
    "grant_by_bootstrap",
    "hand_back",
    "hand_certification",
    "hand_over",
    "invite",
    "keep_signed_form",
    "modify_grant",
    "note_inactivity",
    "note_refusal",
    "note_refused_invitation",
    "note_told",
    "open_certifications",
    "record_endings",
    "remind_deciders",
    "remove_grant",
    "remove_grants",
    "resend_invitation",
    "restore_missed",
    "revoke_invitation",
    "set_end_date",
    "spread_certifications",
    "stamp_sign_in",
    "stamp_sign_ins",
    "submit_request",
    "take_invitation",
    "tell_certifiers",
    "tell_of_unable_approver",
    "tell_owed",
    "warn_holders",
    "watch_continuity",
]
