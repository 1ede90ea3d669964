"""Reading people for approvers and desks, each as this viewer may see them."""

from bailiwick.idm.helpdesk.queries.closings import (
    StateChange,
    closing_with_id,
    is_alone_at_security_desk,
    security_desk,
    state_changes,
    waiting_closing,
    waiting_closings,
)
from bailiwick.idm.helpdesk.queries.finding import (
    MOST_PEOPLE,
    PersonFound,
    people_found,
    person_found,
    state_words,
)
from bailiwick.idm.helpdesk.queries.members import (
    checked_until,
    has_looked,
    member_of,
    waiting_check,
)
from bailiwick.idm.helpdesk.queries.person import SHOWN, PersonAtDesk, person_at_desk, revealed
from bailiwick.idm.helpdesk.queries.radar import signs_in_accounts, signs_in_sessions
from bailiwick.idm.helpdesk.queries.searching import own_among, people_matching
from bailiwick.idm.helpdesk.queries.sharing import (
    evidence_of,
    open_sharing_of,
    sharing_case,
    waiting_sharing,
)

__all__ = [
    "MOST_PEOPLE",
    "SHOWN",
    "PersonAtDesk",
    "PersonFound",
    "StateChange",
    "checked_until",
    "closing_with_id",
    "evidence_of",
    "has_looked",
    "is_alone_at_security_desk",
    "member_of",
    "open_sharing_of",
    "own_among",
    "people_found",
    "people_matching",
    "person_at_desk",
    "person_found",
    "revealed",
    "security_desk",
    "sharing_case",
    "signs_in_accounts",
    "signs_in_sessions",
    "state_changes",
    "state_words",
    "waiting_check",
    "waiting_closing",
    "waiting_closings",
    "waiting_sharing",
]
