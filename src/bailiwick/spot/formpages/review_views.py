"""The review: everything on one page, what is missing, and Ask for signature (F-6, F-8, F-9)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import Refused
from bailiwick.spot.formpages.step_views import seen_revision
from bailiwick.spot.formpages.visits import Visit, case_page
from bailiwick.spot.formpages.way import link_to, told, way_of
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.answer_words import as_read
from bailiwick.spot.forms.checks import check_payer
from bailiwick.spot.forms.era_words import takes
from bailiwick.spot.rules.filechecks import Matter, Outcome
from bailiwick.spot.rules.forms import Event, Refusal

CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
@case_page
def review(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What will be signed, as it stands. Asking sends the link to the official."""
    if request.method != "POST":
        return _page(request, visit)
    try:
        _ask_payer_if_due(visit)
        actions.ask_for_signature(
            case=visit.case,
            expected_revision=seen_revision(request),
            by=visit.by,
            now=visit.now,
        )
    except Refused as refused:
        status = CONFLICT if refused.code is Refusal.CHANGED_ELSEWHERE else 200
        return _page(
            request, visit.fresh(), refusal=sentence_for(refused.code, **refused.facts), status=status
        )
    return redirect("spot_formpages:case", visit.case.tracking)


def _ask_payer_if_due(visit: Visit) -> None:
    """Numbers that the payer file was never asked about are asked about before anybody is asked to sign (F-6)."""
    asking = queries.asking_about(Matter.PAYER, visit.case, visit.answers)
    is_unasked = queries.payer_outcome(visit.case, visit.answers) is None
    if asking is not None and is_unasked and not queries.missing(visit.case):
        check_payer(case=visit.case, by=visit.by, now=visit.now)


@require_POST
@case_page
def ask_payer(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask the payer file again: it was away, or its answer is not known yet."""
    try:
        check_payer(case=visit.case, by=visit.by, now=visit.now)
    except Refused as refused:
        return _page(request, visit, refusal=sentence_for(refused.code, **refused.facts))
    return redirect("spot_formpages:review", visit.case.tracking)


def _page(request: HttpRequest, visit: Visit, *, refusal: str = "", status: int = 200) -> HttpResponse:
    problems = visit.problems
    outcome = queries.payer_outcome(visit.case, visit.answers)
    context: dict[str, Any] = {
        "parts": _parts(visit),
        "stopping": told(visit, [one for one in problems if one.stops]),
        "warnings": told(visit, [one for one in problems if not one.stops]),
        "steps": way_of(visit).indicator(None),
        "binding": visit.binding,
        "refusal": refusal,
        "revision": visit.case.revision,
        "may_change": visit.may(Event.SAVE),
        "may_ask": visit.may(Event.ASK),
        "may_check": outcome in (None, Outcome.UNAVAILABLE)
        and queries.asking_about(Matter.PAYER, visit.case, visit.answers) is not None,
        "state": visit.state.value,
        "takes": takes(visit.case, visit.answers, day=timezone.localdate(visit.now))
        if outcome is Outcome.MATCH
        else [],
        "official": visit.answers.get("official_name", ""),
        "official_email": visit.answers.get("official_email", ""),
    }
    return render(request, "spot_formpages/review.html", visit.page(**context), status=status)


def _parts(visit: Visit) -> list[dict[str, Any]]:
    """Each step with its questions and answers, as they are read."""
    return [
        {
            "title": block.title,
            "code": block.code,
            "href": link_to(visit, block),
            "items": [
                (one.label, as_read(one, visit.answers.get(one.code, ""))) for one in visit.asked_of(block)
            ],
        }
        for block in visit.blocks
    ]
