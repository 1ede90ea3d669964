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
from bailiwick.spot.forms.models import Case
from bailiwick.spot.helpdesk.forms import InboxForm
from bailiwick.spot.helpdesk.words import STATES
from bailiwick.spot.rules.deciding import AT_THE_DESK
from bailiwick.spot.rules.enrolling import name_of
from bailiwick.spot.rules.forms import Authority, State

A_PAGE = 25
MOST = 5_000
COLUMNS = (_("Form"), _("Organization"), _("State"), _("Waiting"), _("Taken by"), _("To note"))


@dataclass(frozen=True)
class Row:
    case: Case
    organization: str
    kind: str
    state: tuple[str | Promise, str]
    days: int
    notes: list[str | Promise]


def inbox_of(query: QueryDict, *, page: str, now: datetime) -> dict[str, Any]:
    """The template's context for what the filters ask for; without a filter, everything that waits for the desk."""
    form = InboxForm(query or None, kinds=queries.kinds())
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    states = [State(asked["state"])] if asked.get("state") else sorted(AT_THE_DESK)
    until = now - timedelta(days=int(asked["age"])) if asked.get("age") else None
    cases = queries.cases_for_desk(
        states=states, kind=asked.get("kind", ""), submitted_until=until, limit=MOST
    )
    shown = Paginator(cases, A_PAGE).get_page(page)
    return {
        "form": form,
        "page": shown,
        "rows": [row_of(case, now) for case in shown],
        "columns": COLUMNS,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "is_filtered": any(asked.values()),
        "width": "wide",
    }


def row_of(case: Case, now: datetime) -> Row:
    return Row(
        case=case,
        organization=name_of(queries.answers_of(case)),
        kind=queries.kind_of(case).name,
        state=STATES[case.state_at(now)],
        days=(now - (case.submitted_at or case.changed_at)).days,
        notes=notes_on(case),
    )


def notes_on(case: Case) -> list[str | Promise]:
    """What somebody should know before opening it."""
    if case.state not in AT_THE_DESK:
        return []
    signature, duplicates = queries.live_signature(case), queries.duplicates_of(case)
    found: list[str | Promise] = []
    if signature is not None and signature.authority == Authority.CALLBACK_NEEDED:
        found.append(_("Call back needed"))
    if duplicates.group:
        found.append(_("Same group elsewhere"))
    if duplicates.tin or duplicates.records:
        found.append(_("TIN known"))
    return found
