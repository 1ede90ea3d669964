"""Reading cases: what they say, what is missing, where they stand, who has to act. Read only."""

from bailiwick.spot.forms.queries.answers import (
    answers_of,
    canonical_of,
    changes_between,
    kind,
    kind_of,
    kinds,
    opened,
    version_of,
    versions_of,
)
from bailiwick.spot.forms.queries.cases import (
    Status,
    case_tracked,
    case_with,
    cases_for_desk,
    history,
    invitation_with,
    live_invitation,
    live_signature,
    remarks_of,
    session_with,
    status,
)
from bailiwick.spot.forms.queries.deciding import approval_facts, desk_case, is_about
from bailiwick.spot.forms.queries.duplicates import Duplicates, duplicates_of, group_digest, group_digests
from bailiwick.spot.forms.queries.filechecks import Asking, asking_about, outcome_of, payer_outcome
from bailiwick.spot.forms.queries.problems import Problem, is_mailbox_proven, missing, problems

__all__ = [
    "Asking",
    "Duplicates",
    "Problem",
    "Status",
    "answers_of",
    "approval_facts",
    "asking_about",
    "canonical_of",
    "case_tracked",
    "case_with",
    "cases_for_desk",
    "changes_between",
    "desk_case",
    "duplicates_of",
    "group_digest",
    "group_digests",
    "history",
    "invitation_with",
    "is_about",
    "is_mailbox_proven",
    "kind",
    "kind_of",
    "kinds",
    "live_invitation",
    "live_signature",
    "missing",
    "opened",
    "outcome_of",
    "payer_outcome",
    "problems",
    "remarks_of",
    "session_with",
    "status",
    "version_of",
    "versions_of",
]
