"""What is asked of files while a form is filled in: PTAN, NPI and TIN of the payer, submitter ID and name of ours (F-5, F-6).

Asked once, after the answers are saved. What does not match is shown at the step; which part of it, never.
"""

from collections.abc import Callable
from functools import partial

from bailiwick.ground.rulings import Refused
from bailiwick.spot.formpages.visits import Visit
from bailiwick.spot.forms import queries
from bailiwick.spot.forms.checks import check_pair, check_payer
from bailiwick.spot.forms.queries.filechecks import FACTS
from bailiwick.spot.rules.filechecks import Matter, Outcome
from bailiwick.spot.rules.schema import Block

CHECKS: dict[Matter, Callable[..., Outcome]] = {
    Matter.PAYER: check_payer,
    Matter.PAIR: check_pair,
    Matter.RECEIVER: partial(check_pair, matter=Matter.RECEIVER),
}


def ask_about_new(visit: Visit, block: Block) -> bool:
    """Ask about facts of this step that nobody asked about yet; True where one does not match."""
    return any(
        _ask(visit, matter) is Outcome.NO_MATCH
        for matter in _matters(visit, block)
        if queries.outcome_of(matter, visit.case, visit.answers) is None
    )


def _ask(visit: Visit, matter: Matter) -> Outcome | None:
    try:
        return CHECKS[matter](case=visit.case, by=visit.by, now=visit.now)
    except Refused:
        # Facts are missing, the mailbox is not proven, the tries are used up: the review says so, with what to do.
        return None


def does_not_match(visit: Visit, block: Block) -> str:
    """Which matter of this step is known not to match: "payer", "pair" or "" for none."""
    for matter in _matters(visit, block):
        if queries.outcome_of(matter, visit.case, visit.answers) is Outcome.NO_MATCH:
            return matter.value
    return ""


def _matters(visit: Visit, block: Block) -> list[Matter]:
    asked = {one.code for one in visit.asked_of(block)}
    return [matter for matter, facts in FACTS.items() if asked & set(facts)]
