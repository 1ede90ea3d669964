"""The only writer of the person registry: cases, merges, corrections. Each verb locks, decides, writes and tells at once."""

from bailiwick.idm.registry.actions.cases import find_different, propose_merge, reject_merge
from bailiwick.idm.registry.actions.correcting import (
    ask_for_correction,
    cancel_correction,
    decide_correction,
    note_document_seen,
)
from bailiwick.idm.registry.actions.joined import check_joined_decision
from bailiwick.idm.registry.actions.looking import look_again, look_for_duplicates
from bailiwick.idm.registry.actions.merging import agree_to_merge, undo_merge

__all__ = [
    "agree_to_merge",
    "ask_for_correction",
    "cancel_correction",
    "check_joined_decision",
    "decide_correction",
    "find_different",
    "look_again",
    "look_for_duplicates",
    "note_document_seen",
    "propose_merge",
    "reject_merge",
    "undo_merge",
]
