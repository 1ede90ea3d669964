"""Reading requests and grants. Whatever depends on time is computed for the `now` that is passed in (I-2)."""

from bailiwick.idm.access.queries.access_on import (
    AccessLine,
    access_lines,
    held_on,
)
from bailiwick.idm.access.queries.asking import may_request, offered_roles
from bailiwick.idm.access.queries.authority import has_able_approver, holds_desk_role
from bailiwick.idm.access.queries.certifying import (
    CertificationLine,
    certification_lines,
    others_to_certify,
    to_certify,
    to_restore,
)
from bailiwick.idm.access.queries.chain import Chain, Link, LinkKind, chain_of, may_see_grant
from bailiwick.idm.access.queries.claims import claims_on_entry, grants_for_claims
from bailiwick.idm.access.queries.grants import (
    GrantLine,
    ended_at,
    ended_grants,
    grant_lines,
    grant_with_id,
    has_ended,
    is_approver_anywhere,
    line_of,
    live_grants,
    may_see_organization,
    organizations_approved_by,
    people_of,
    why_it_ended,
)
from bailiwick.idm.access.queries.health import (
    Finding,
    Health,
    able_deciders,
    health_of,
    healths_of,
    unattended,
    with_approvers,
)
from bailiwick.idm.access.queries.helping import Helper, who_can_help
from bailiwick.idm.access.queries.invitations import (
    Invitable,
    InvitationLine,
    invitable,
    invitation_of_link,
    invitations_managed_by,
    invitations_waiting_for,
    line_of_invitation,
    managed_invitation,
    taken_with_link,
)
from bailiwick.idm.access.queries.looking import Look, look_at
from bailiwick.idm.access.queries.people import approvers_at, others_at
from bailiwick.idm.access.queries.requests import (
    WhoDecides,
    awaiting,
    deciders_of,
    first_of,
    is_known_to,
    last_day_of,
    request_numbered,
    requests_numbered,
    requests_of,
    who_decides,
)
from bailiwick.idm.access.queries.returning import RoleEnd, end_of
from bailiwick.idm.access.queries.review import Difference, Review, review
from bailiwick.idm.access.queries.standing import StandingIn, standing_in
from bailiwick.idm.access.queries.succession import Departing, departing_from
from bailiwick.idm.access.queries.telling import grants_told, standings_told
from bailiwick.idm.access.queries.touching import (
    end_users_at,
    free_attributes,
    grants_among,
    leaves_no_approver,
    may_remove_grant,
    may_set_grant_end,
)
from bailiwick.idm.access.queries.waiting import waiting_in
from bailiwick.idm.access.queries.weighing import Weighed, weigh
from bailiwick.idm.rules.requests import ways_for

__all__ = [
    "AccessLine",
    "CertificationLine",
    "Chain",
    "Departing",
    "Difference",
    "Finding",
    "GrantLine",
    "Health",
    "Helper",
    "Invitable",
    "InvitationLine",
    "Link",
    "LinkKind",
    "Look",
    "Review",
    "RoleEnd",
    "StandingIn",
    "Weighed",
    "WhoDecides",
    "able_deciders",
    "access_lines",
    "approvers_at",
    "awaiting",
    "certification_lines",
    "chain_of",
    "claims_on_entry",
    "deciders_of",
    "departing_from",
    "end_of",
    "end_users_at",
    "ended_at",
    "ended_grants",
    "first_of",
    "free_attributes",
    "grant_lines",
    "grant_with_id",
    "grants_among",
    "grants_for_claims",
    "grants_told",
    "has_able_approver",
    "has_ended",
    "health_of",
    "healths_of",
    "held_on",
    "holds_desk_role",
    "invitable",
    "invitation_of_link",
    "invitations_managed_by",
    "invitations_waiting_for",
    "is_approver_anywhere",
    "is_known_to",
    "last_day_of",
    "leaves_no_approver",
    "line_of",
    "line_of_invitation",
    "live_grants",
    "look_at",
    "managed_invitation",
    "may_remove_grant",
    "may_request",
    "may_see_grant",
    "may_see_organization",
    "may_set_grant_end",
    "offered_roles",
    "organizations_approved_by",
    "others_at",
    "others_to_certify",
    "people_of",
    "request_numbered",
    "requests_numbered",
    "requests_of",
    "review",
    "standing_in",
    "standings_told",
    "taken_with_link",
    "to_certify",
    "to_restore",
    "unattended",
    "waiting_in",
    "ways_for",
    "weigh",
    "who_can_help",
    "who_decides",
    "why_it_ended",
    "with_approvers",
]
