"""An application's desk and decisions between two accounts that are one person's now (A-5, Q-5)."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.idm.helpdesk.desk import presence_of
from bailiwick.idm.helpdesk.forms import ReasonForm
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.helpdesk.views import desk_page
from bailiwick.idm.registry import actions as registry
from bailiwick.idm.registry import queries
from bailiwick.idm.sessions.doors import freshly_verified

NO_SUCH_DECISION = _("There is no such decision.")
COLUMNS = (_("Request"), _("Role"), _("Organization"), _("Decided"))


@require_GET
@desk_page
def queue(request: HttpRequest, scope: Scope, now: datetime) -> HttpResponse:  # noqa: ARG001 - desk_page's signature
    """What the viewer's own desk has to look at, the oldest first."""
    _refuse_others(scope)
    context = {
        "rows": queries.decisions_awaiting(scope.applications),
        "columns": COLUMNS,
        "width": "wide",
    }
    return render(request, "helpdesk/joined.html", context)


@require_http_methods(["GET", "POST"])
@desk_page
def decision(request: HttpRequest, scope: Scope, now: datetime, joined_id: UUID) -> HttpResponse:
    """Let the role stay, with a reason; taking it away is done on the person's page."""
    _refuse_others(scope)
    found = queries.joined_decision(joined_id, scope.applications)
    if found is None:
        raise Http404(NO_SUCH_DECISION)

    def entered(request: HttpRequest) -> HttpResponse:
        form, sentence = ReasonForm(request.POST or None), ""
        if request.method == "POST" and form.is_valid():
            try:
                registry.check_joined_decision(
                    joined=found.decision,
                    decider=scope.viewer,
                    presence=presence_of(request),
                    reason=form.cleaned_data["reason"],
                    by=by(request),
                    now=now,
                )
                return redirect("desk-joined")
            except Refused as refused:
                sentence = sentence_for(refused.code, **refused.facts)
        context = {
            "line": found,
            "joined": found.decision,
            "form": form,
            "sentence": sentence,
        }
        return render(request, "helpdesk/joined_decision.html", context)

    return freshly_verified(within=settings.LIMITS.step_up_desk)(entered)(request)


def _refuse_others(scope: Scope) -> None:
    if not scope.applications or not scope.is_strong_desk:
        raise PermissionDenied
