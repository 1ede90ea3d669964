"""A case goes from the hands of one person of the desk into a colleague's (B-1)."""

from datetime import datetime

from bailiwick.ground.ledger import By
from bailiwick.spot.forms.actions.desk import at_the_desk, demand
from bailiwick.spot.forms.actions.moving import locked, move
from bailiwick.spot.forms.models import Case
from bailiwick.spot.forms.queries import desk_case
from bailiwick.spot.rules.deciding import Desk, may_give
from bailiwick.spot.rules.forms import Event
from bailiwick.spot.signin.models import Person


def give(*, case: Case, desk: Desk, colleague: Person, by: By, now: datetime) -> Case:
    """Give a case that one has taken to a colleague, who decides it then, or gives it on.

    Raises Refused: COLLEAGUE_IS_NAMED, and those of `rules.deciding.may_decide`.
    """
    with at_the_desk(case, desk, by=by, now=now) as held:
        demand(may_give(desk, desk_case(held), colleague_name=colleague.name))
        about = {"given": True}
        return move(
            locked(held, Event.HAND_OVER, now),
            Event.HAND_OVER,
            by=by,
            now=now,
            person=colleague,
            about=about,
            assigned_to=colleague,
        )
