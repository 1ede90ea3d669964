"""Archiving an account, and opening an archived one again: one of tier 3 proposes, a second agrees (A-6, H-5). Pure.

Suspending takes one person, and undoes itself by one: it is no table of its own, only a step of the account's.
"""

from dataclasses import dataclass
from enum import StrEnum

from bailiwick.ground.rulings import No, Yes


class Kind(StrEnum):
    """What is proposed. The entries are stored."""

    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"


class State(StrEnum):
    PROPOSED = "proposed"
    DONE = "done"
    REJECTED = "rejected"


class Event(StrEnum):
    AGREE = "agree"
    REJECT = "reject"


STEPS: dict[State, dict[Event, State]] = {
    State.PROPOSED: {Event.AGREE: State.DONE, Event.REJECT: State.REJECTED},
    State.DONE: {},
    State.REJECTED: {},
}


class Refusal(StrEnum):
    CLOSING_WAITS = "closing_waits"
    CLOSING_SETTLED = "closing_settled"
    SAME_PERSON = "closing_same_person"
    PROPOSER_GONE = "closing_proposer_gone"


@dataclass(frozen=True)
class Proposal:
    """What waits, as the one who settles it finds it.

    `is_proposer`: they proposed it, under any account of theirs. `stands`: who proposed it is still of tier 3.
    """

    state: State
    is_proposer: bool
    stands: bool = True


def may_settle(proposal: Proposal, event: Event) -> Yes | No:
    """Two people archive, and two undo that, both of tier 3 at that instant; who proposed it may take it back (H-5)."""
    if event not in STEPS[proposal.state]:
        return No(Refusal.CLOSING_SETTLED)
    if event is Event.AGREE and proposal.is_proposer:
        return No(Refusal.SAME_PERSON)
    if event is Event.AGREE and not proposal.stands:
        return No(Refusal.PROPOSER_GONE)
    return Yes(event.value)
