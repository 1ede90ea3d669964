"""Before a case is open: which forms there are, starting one, and the tracking number and code that lead back (F-1, F-9)."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bailiwick.ground.pages.fields import once_of
from bailiwick.ground.pages.languages import asked_language
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.formpages.entry_forms import CodeForm, StartForm, TrackForm
from bailiwick.spot.formpages.visits import set_cookie
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.kind_words import worded

SENT = "sent"


@require_safe
def forms(request: HttpRequest) -> HttpResponse:
    """The kinds with their instructions, and the way back to a form that was started."""
    context = {"kinds": [worded(one) for one in queries.kinds()], "form": TrackForm()}
    return render(request, "spot_formpages/forms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin a form with a name and a mailbox; the code goes there."""
    found = queries.kind(kind)
    if found is None:
        raise Http404("No such form.")
    form = StartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            case = actions.start_case(
                kind=found.code,
                **form.cleaned_data,
                once=once_of(request.POST),
                language=asked_language(request),
                by=by(request),
                now=clock.now(),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return _to_code(case.tracking)
    return render(request, "spot_formpages/start.html", {"kind": worded(found), "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """The tracking number; whoever has typed one is asked for the code, whether or not there is such a form."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        tracking = form.cleaned_data["tracking"]
        actions.send_access_code(tracking=tracking, by=by(request), now=clock.now())
        return _to_code(tracking)
    return render(request, "spot_formpages/track.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, tracking: str) -> HttpResponse:
    """The code that was mailed; right, it opens the form in this browser."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            case, key = actions.open_with_code(
                tracking=tracking, code=form.cleaned_data["code"], by=by(request), now=clock.now()
            )
        except Refused as refused:
            form.add_error("code", sentence_for(refused.code, **refused.facts))
        else:
            response = redirect("spot_formpages:case", case.tracking)
            set_cookie(response, case.tracking, key)
            return response
    context: dict[str, Any] = {
        "form": form,
        "tracking": tracking,
        "is_sent": SENT in request.GET,
        "limits": settings.LIMITS,
    }
    return render(request, "spot_formpages/code.html", context)


@require_POST
def send_code(request: HttpRequest, tracking: str) -> HttpResponse:
    """Mail a code to the contact of the form, if there is one. The answer is always the same."""
    actions.send_access_code(tracking=tracking, by=by(request), now=clock.now())
    return _to_code(tracking)


def _to_code(tracking: str) -> HttpResponse:
    return redirect(f"{reverse('spot_formpages:code', args=[tracking])}?{SENT}")
