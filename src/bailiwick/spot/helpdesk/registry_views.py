"""The pages of the submitter registry and of the comparison with IDM (B-2, O-4)."""

from datetime import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bailiwick.ground.program import by
from bailiwick.spot.enrollment import actions, queries
from bailiwick.spot.helpdesk.desk import desk_page
from bailiwick.spot.helpdesk.forms import RegistryForm
from bailiwick.spot.helpdesk.registry import record_page, registry_of
from bailiwick.spot.helpdesk.registry_words import MATTERS
from bailiwick.spot.rules.deciding import Desk

NO_SUCH = _("There is no such organization.")
MOST_NIGHTS, A_PAGE = 14, 100
DIFFERENCE_COLUMNS = (_("Submitter ID"), _("What differs"), _("Version here"), _("Version at IDM"))


@require_safe
@desk_page
def registry(request: HttpRequest, _desk: Desk, now: datetime) -> HttpResponse:
    form = RegistryForm(request.GET)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    context = registry_of(text, page=request.GET.get("page", ""), now=now)
    return render(
        request, "spot_helpdesk/registry.html", {"person": request.signed_in, "form": form, **context}
    )


@require_safe
@desk_page
def record(request: HttpRequest, _desk: Desk, now: datetime, submitter_id: str) -> HttpResponse:
    """One organization: a look at people's data, so it is on the ledger (L-2)."""
    found = queries.record_with(submitter_id)
    if found is None:
        raise Http404(NO_SUCH)
    actions.note_look(record=found, by=by(request), now=now)
    context = {"person": request.signed_in, **record_page(found, now=now)}
    return render(request, "spot_helpdesk/record.html", context)


@require_safe
@desk_page
def comparison(request: HttpRequest, _desk: Desk, _now: datetime) -> HttpResponse:
    """How the last nights' comparisons with IDM came out, and what the newest whole one found."""
    nights = queries.last_comparisons(MOST_NIGHTS)
    whole = next((night for night in nights if night.is_whole), None)
    found = queries.differences_of(whole) if whole else ()
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "person": request.signed_in,
        "nights": nights,
        "whole": whole,
        "page": page,
        "rows": [
            (one.submitter_id, MATTERS[one.matter], one.our_version or "–", one.their_version or "–")
            for one in page
        ],
        "columns": DIFFERENCE_COLUMNS,
        "width": "wide",
    }
    return render(request, "spot_helpdesk/comparison.html", context)
