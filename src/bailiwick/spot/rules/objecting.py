"""Objecting to a signature (F-8): who was told of it says that it is not right, and the desk finds out first. Pure.

An objection stops an approval and nothing else. Who holds a mailbox for a minute cannot stop a practice for longer than
the desk needs to call the number on file.
"""

from dataclasses import dataclass
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes
from bailiwick.spot.rules.forms import DECIDED, State

OPEN_TO_OBJECTION = frozenset({State.SUBMITTED, State.IN_REVIEW})


class Refusal(StrEnum):
    """Stable codes; the words are in `forms/signing_words.py`."""

    LINK_UNKNOWN = "objection_link_unknown"
    SIGNATURE_GONE = "objection_signature_gone"
    DECIDED = "objection_decided"
    REASON_NEEDED = "objection_reason_needed"


@dataclass(frozen=True)
class Objected:
    """The signature that somebody was told of, as it stands."""

    is_signature_live: bool
    case_state: State


def may_object(facts: Objected) -> Yes | No:
    """From the signature to the decision; a signature that counts no more needs no objection. [F-8]"""
    if not facts.is_signature_live:
        return No(Refusal.SIGNATURE_GONE)
    if facts.case_state in OPEN_TO_OBJECTION:
        return Yes()
    # What went back to its contact is signed anew, and told anew.
    return No(Refusal.DECIDED if facts.case_state in DECIDED else Refusal.SIGNATURE_GONE)
