"""What happened to a case so far, for its page: remarks, moves with who made them, what changed, letters (B-1, M-2)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bailiwick.spot.forms import queries
from bailiwick.spot.forms.kind_words import worded
from bailiwick.spot.forms.models import Case, Move
from bailiwick.spot.helpdesk.beside import read
from bailiwick.spot.helpdesk.words import EVENTS
from bailiwick.spot.papers.letters import letters_of
from bailiwick.spot.rules.forms import Event
from bailiwick.spot.signin.queries import capacity_words, names_of

CHANGE_COLUMNS = (_("Field"), _("Before"), _("Now"))


def story_of(case: Case, since: int | None) -> dict[str, Any]:
    """Remarks, moves, and what changed since the revision that the desk had before it the last time."""
    moves = queries.history(case)
    returned = [
        move.revision for move in moves if move.event == Event.RETURN and move.revision < case.revision
    ]
    compared = since or (max(returned) if returned else None)
    changes = queries.changes_between(case, compared, case.revision) if compared else []
    kind, names = worded(queries.kind_of(case)), names_of(move.by for move in moves)
    return {
        "moves": [(EVENTS[Event(move.event)], move, _who(move, names)) for move in moves],
        "remarks": [(kind.field(one.field), one) for one in queries.remarks_of(case)],
        "compared": compared,
        "changes": [
            (field.label, read(field, before), read(field, after))
            for one, before, after in changes
            if (field := kind.field(one.code)) is not None
        ],
        "change_columns": CHANGE_COLUMNS,
        "letters": letters_of(case),
        "versions": [one for one in queries.versions_of(case) if one.revision != case.revision],
    }


def _who(move: Move, names: Mapping[str, str]) -> str:
    """Name, standing and submitter ID of who made it; "" of a visitor, or of a program."""
    return ", ".join(
        str(words) for words in (*filter(None, (names.get(move.by),)), *capacity_words(move.working_as))
    )
