"""What could not be delivered: for IDM's desk, to call whom no mail reaches and to send once more (N-2)."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.outbox.undelivered import COLUMNS, lines, undelivered
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.idm.helpdesk import actions
from bailiwick.idm.helpdesk.queries.undelivered import accounts_of
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.helpdesk.views import desk_page
from bailiwick.idm.rules.notices import may_see_undelivered
from bailiwick.idm.sessions.doors import freshly_verified

ROWS = 25
LARGEST = 2**62


@require_GET
@desk_page
def listing(request: HttpRequest, scope: Scope, now: datetime) -> HttpResponse:
    """The latest first."""
    return _page(request, scope, now)


@require_http_methods(["GET", "POST"])
@desk_page
def retry(request: HttpRequest, scope: Scope, now: datetime, message_id: int) -> HttpResponse:
    """Send one again; who is led here after a step-up sees the list. A code, and what is too old, is not sent again."""
    _refuse_others(scope)
    if message_id > LARGEST:
        raise Http404(_("There is no such notice."))

    def entered(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return redirect("desk-undelivered")
        try:
            actions.try_again(number=message_id, identity_tier=scope.identity_tier, by=by(request), now=now)
        except Refused as refused:
            return _page(request, scope, now, sentence=sentence_for(refused.code, **refused.facts))
        response = redirect("desk-undelivered")
        response["Location"] += "?again"
        return response

    return freshly_verified(within=settings.LIMITS.step_up_desk)(entered)(request)


def _page(request: HttpRequest, scope: Scope, now: datetime, *, sentence: str = "") -> HttpResponse:
    _refuse_others(scope)
    pages = Paginator(undelivered(), ROWS).get_page(request.GET.get("page"))
    shown = list(pages.object_list)
    whose = {
        number: (account.user_id, reverse("desk-person", args=[account.pk]))
        for number, account in accounts_of(shown).items()
    }
    context = {
        "pages": pages,
        "lines": lines(shown, whose=whose, now=now),
        "columns": COLUMNS,
        "retry": "desk-undelivered-retry",
        "sentence": sentence,
        "is_again": "again" in request.GET,
        "width": "wide",
    }
    return render(request, "helpdesk/undelivered.html", context)


def _refuse_others(scope: Scope) -> None:
    if not scope.is_strong_desk or not may_see_undelivered(scope.identity_tier):
        raise PermissionDenied
