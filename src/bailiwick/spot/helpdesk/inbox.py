"""The desk's inbox (B-1): what waits, the oldest on top; filtered by state, age and kind of form."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.spot.forms import queries
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.forms.models import Case
from bailiwick.spot.helpdesk.forms import MINE, NOBODYS, InboxForm
from bailiwick.spot.helpdesk.words import STATES
from bailiwick.spot.rules.deciding import AT_THE_DESK, Desk
from bailiwick.spot.rules.forms import State

A_PAGE = 25
MOST, MOST_FOUND = 5_000, 200
COLUMNS = (_("Form"), _("Organization"), _("State"), _("Waiting"), _("Taken by"), _("To note"))


@dataclass(frozen=True)
class Row:
    case: Case
    organization: str
    kind: str | Promise
    state: tuple[str | Promise, str]
    days: int
    notes: list[str | Promise]


def inbox_of(query: QueryDict, *, desk: Desk, page: str, now: datetime) -> dict[str, Any]:
    """The template's context for what the filters ask for; without a filter, everything that waits for the desk."""
    form = InboxForm(query or None, kinds=queries.kinds())
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    states = [State(asked["state"])] if asked.get("state") else sorted(AT_THE_DESK)
    if asked.get("text") and not asked.get("state"):
        states = sorted(State)
    most = MOST_FOUND if asked.get("text") else MOST
    cases = queries.cases_for_desk(
        states=states,
        kind=asked.get("kind", ""),
        submitted_until=now - timedelta(days=int(asked["age"])) if asked.get("age") else None,
        assigned_to=int(desk.key) if asked.get("hands") == MINE else None,
        is_free=asked.get("hands") == NOBODYS,
        text=asked.get("text", ""),
        limit=most + 1,
    )
    # Found by words, they are read once and counted here: to find them reads every case.
    found = list(cases) if asked.get("text") else cases
    shown = Paginator(found[:most], A_PAGE).get_page(page)
    return {
        "form": form,
        "page": shown,
        "rows": rows_of(list(shown), now),
        "columns": COLUMNS,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "is_filtered": any(asked.values()),
        "most": most if shown.paginator.count == most and list(found[most:]) else 0,
        "width": "wide",
    }


def rows_of(cases: list[Case], now: datetime) -> list[Row]:
    """The lines of some cases: none of them is opened for that."""
    waiting = [case for case in cases if case.state in AT_THE_DESK]
    notes = queries.notes_on(waiting)
    return [
        Row(
            case=case,
            organization=case.organization,
            kind=called(queries.kind_of(case)),
            state=STATES[case.state_at(now)],
            days=(now - (case.submitted_at or case.changed_at)).days,
            notes=_words(notes.get(case.pk, queries.Notes())),
        )
        for case in cases
    ]


def _words(notes: queries.Notes) -> list[str | Promise]:
    """What somebody should know before opening it."""
    said = (
        (notes.is_objected, _("Somebody objects")),
        (notes.needs_callback, _("Call back needed")),
        (notes.has_group_elsewhere, _("Same group elsewhere")),
        (notes.has_known_tin, _("TIN known")),
    )
    return [words for is_so, words in said if is_so]
