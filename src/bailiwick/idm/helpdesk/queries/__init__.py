"""Reading people for approvers and desks, each as this viewer may see them."""

from bailiwick.idm.helpdesk.queries.finding import (
    MOST_PEOPLE,
    PersonFound,
    people_matching,
    person_found,
)
from bailiwick.idm.helpdesk.queries.members import (
    checked_until,
    has_looked,
    may_do,
    member_of,
    waiting_check,
)
from bailiwick.idm.helpdesk.queries.person import SHOWN, PersonAtDesk, person_at_desk, revealed

__all__ = [
    "MOST_PEOPLE",
    "SHOWN",
    "PersonAtDesk",
    "PersonFound",
    "checked_until",
    "has_looked",
    "may_do",
    "member_of",
    "people_matching",
    "person_at_desk",
    "person_found",
    "revealed",
    "waiting_check",
]
