"""Reading the person registry: who resembles whom, the cases, and the corrections asked for. Reads only."""

from bailiwick.idm.registry.queries.cases import (
    Alike,
    Comparison,
    comparison_of,
    duplicate_case,
    latest_merge,
    may_decide_case,
    sides_of,
    waiting_cases,
)
from bailiwick.idm.registry.queries.corrections import (
    correction_with_id,
    corrections_of,
    has_waiting,
    may_decide_correction,
    proposed_facts,
    proposed_text,
    waiting_corrections,
    waiting_kinds,
)
from bailiwick.idm.registry.queries.joined import decisions_awaiting, joined_decision
from bailiwick.idm.registry.queries.resembling import Suspicion, resembling, somebody, to_look_at

__all__ = [
    "Alike",
    "Comparison",
    "Suspicion",
    "comparison_of",
    "correction_with_id",
    "corrections_of",
    "decisions_awaiting",
    "duplicate_case",
    "has_waiting",
    "joined_decision",
    "latest_merge",
    "may_decide_case",
    "may_decide_correction",
    "proposed_facts",
    "proposed_text",
    "resembling",
    "sides_of",
    "somebody",
    "to_look_at",
    "waiting_cases",
    "waiting_corrections",
    "waiting_kinds",
]
