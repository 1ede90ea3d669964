"""Reading requests and grants. Whatever depends on time is computed for the `now` that is passed in (I-2)."""

from bailiwick.idm.access.queries.asking import may_request, offered_roles
from bailiwick.idm.access.queries.authority import has_able_approver, holds_desk_role
from bailiwick.idm.access.queries.grants import (
    GrantLine,
    ended_grants,
    grant_lines,
    grant_with_id,
    grants_for_claims,
    is_approver_anywhere,
    leaves_no_approver,
    line_of,
    live_grants,
    may_remove_grant,
    may_see_organization,
    organizations_approved_by,
    people_of,
)
from bailiwick.idm.access.queries.health import health
from bailiwick.idm.access.queries.requests import (
    WhoDecides,
    deciders_of,
    may_cancel_request,
    may_decide_request,
    may_see_request,
    request_numbered,
    requests_awaiting,
    requests_of,
    who_decides,
)
from bailiwick.idm.access.queries.review import Difference, Review, review
from bailiwick.idm.access.queries.standing import StandingIn, standing_in
from bailiwick.idm.rules.requests import ways_for

__all__ = [
    "Difference",
    "GrantLine",
    "Review",
    "StandingIn",
    "WhoDecides",
    "deciders_of",
    "ended_grants",
    "grant_lines",
    "grant_with_id",
    "grants_for_claims",
    "has_able_approver",
    "health",
    "holds_desk_role",
    "is_approver_anywhere",
    "leaves_no_approver",
    "line_of",
    "live_grants",
    "may_cancel_request",
    "may_decide_request",
    "may_remove_grant",
    "may_request",
    "may_see_organization",
    "may_see_request",
    "offered_roles",
    "organizations_approved_by",
    "people_of",
    "request_numbered",
    "requests_awaiting",
    "requests_of",
    "review",
    "standing_in",
    "ways_for",
    "who_decides",
]
