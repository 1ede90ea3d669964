"""The only writer of proofing: online with the vendor, and by hand with the desk. (V-2 to V-7)"""

from bailiwick.idm.proofing.actions.carrying import carry_over
from bailiwick.idm.proofing.actions.judging import ask_for_more, note_seen, propose, settle
from bailiwick.idm.proofing.actions.manual import add_evidence, hand_in, open_manual, remove_evidence
from bailiwick.idm.proofing.actions.online import begin_attempt, consent, store_outcome, told

__all__ = [
    "add_evidence",
    "ask_for_more",
    "begin_attempt",
    "carry_over",
    "consent",
    "hand_in",
    "note_seen",
    "open_manual",
    "propose",
    "remove_evidence",
    "settle",
    "store_outcome",
    "told",
]
