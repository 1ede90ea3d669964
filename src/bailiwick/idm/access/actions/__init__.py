"""The only writer of role requests and grants: lock, facts, rule, write, tell, in one transaction each."""

from bailiwick.idm.access.actions._refusals import note_refusal
from bailiwick.idm.access.actions._stamping import stamp_sign_in
from bailiwick.idm.access.actions.asking import cancel_request, submit_request
from bailiwick.idm.access.actions.deciding import decide
from bailiwick.idm.access.actions.inviting import (
    expire_invitations,
    invite,
    note_refused_invitation,
    resend_invitation,
    revoke_invitation,
    take_invitation,
)
from bailiwick.idm.access.actions.merging import Move, hand_back, hand_over
from bailiwick.idm.access.actions.removing import (
    follow_record,
    grant_by_bootstrap,
    remove_grant,
)
from bailiwick.idm.access.actions.rounds import end_lapsed_grants, expire_requests, remind_deciders

__all__ = [
    "Move",
    "cancel_request",
    "decide",
    "end_lapsed_grants",
    "expire_invitations",
    "expire_requests",
    "follow_record",
    "grant_by_bootstrap",
    "hand_back",
    "hand_over",
    "invite",
    "note_refusal",
    "note_refused_invitation",
    "remind_deciders",
    "remove_grant",
    "resend_invitation",
    "revoke_invitation",
    "stamp_sign_in",
    "submit_request",
    "take_invitation",
]
