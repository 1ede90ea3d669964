"""The only writer of role requests and grants: lock, facts, rule, write, tell, in one transaction each."""

from bailiwick.idm.access.actions._refusals import note_refusal
from bailiwick.idm.access.actions._stamping import stamp_sign_in
from bailiwick.idm.access.actions.asking import cancel_request, submit_request
from bailiwick.idm.access.actions.deciding import decide
from bailiwick.idm.access.actions.removing import (
    follow_record,
    grant_by_bootstrap,
    remove_grant,
)
from bailiwick.idm.access.actions.rounds import end_lapsed_grants, expire_requests, remind_deciders

__all__ = [
    "cancel_request",
    "decide",
    "end_lapsed_grants",
    "expire_requests",
    "follow_record",
    "grant_by_bootstrap",
    "note_refusal",
    "remind_deciders",
    "remove_grant",
    "stamp_sign_in",
    "submit_request",
]
