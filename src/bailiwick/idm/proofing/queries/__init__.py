"""Reading proofing: who is proofed, where a person stands, and what lies at the desk."""

from bailiwick.idm.proofing.queries.by_hand import (
    desk_facts,
    evidence_of,
    has_handed_in,
    judgements_of,
    latest_manual_of,
    manual_with_id,
    manuals_at_the_desk,
    may_settle,
    open_manual_of,
    ways,
)
from bailiwick.idm.proofing.queries.facts import (
    assurance_level,
    facts_digest,
    is_proofed,
    level_of,
    open_case,
    proofed_among,
    request_digest,
    rule_facts,
)
from bailiwick.idm.proofing.queries.standing import TERMS_TEMPLATE, Standing, standing

__all__ = [
    "TERMS_TEMPLATE",
    "Standing",
    "assurance_level",
    "desk_facts",
    "evidence_of",
    "facts_digest",
    "has_handed_in",
    "is_proofed",
    "judgements_of",
    "latest_manual_of",
    "level_of",
    "manual_with_id",
    "manuals_at_the_desk",
    "may_settle",
    "open_case",
    "open_manual_of",
    "proofed_among",
    "request_digest",
    "rule_facts",
    "standing",
    "ways",
]
