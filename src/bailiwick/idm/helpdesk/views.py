"""Help Desk / Manage Users: what waits for a decision, finding people, removing roles (H-1, H-2, Q-8)."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bailiwick.ground.program import by, clock
from bailiwick.idm.access import queries as access
from bailiwick.idm.helpdesk import actions
from bailiwick.idm.helpdesk.forms import SearchForm
from bailiwick.idm.helpdesk.queries import (
    MOST_PEOPLE,
    is_alone_at_security_desk,
    own_among,
    people_matching,
)
from bailiwick.idm.helpdesk.scope import Scope, scope_of
from bailiwick.idm.sessions.doors import desk_factor_page, signed_in

MOST_WAITING = 10
QUEUE_COLUMNS = (
    _("Request"),
    _("Person"),
    _("Role"),
    _("Waiting since"),
    _("Expires after"),
)
ROLE_COLUMNS = (
    _("Role"),
    _("Organization"),
    _("State"),
    _("Last sign-in"),
    _("What you can do"),
)


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for approvers and desks: `view(request, scope, now, …)`. To anyone else the page is closed (H-1)."""

    @signed_in
    @wraps(view)
    def opened(request: HttpRequest, **named: object) -> HttpResponse:
        now = clock.now()
        scope = scope_of(request, now=now)
        if scope.is_empty:
            raise PermissionDenied
        # Who is an approver, too, keeps what an approver sees.
        stronger = None if scope.organizations else desk_factor_page(request)
        return stronger or view(request, scope, now, **named)

    return opened


def desk_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A staff page that is the desks' alone, and opens to their passkey (S-2)."""

    @staff_page
    @wraps(view)
    def opened(request: HttpRequest, scope: Scope, now: datetime, **named: object) -> HttpResponse:
        stronger = desk_factor_page(request) if scope.is_desk else None
        return stronger or view(request, scope, now, **named)

    return opened


@require_http_methods(["GET", "POST"])
@staff_page
def manage_users(request: HttpRequest, scope: Scope, now: datetime) -> HttpResponse:
    """The queue and the search. A POST, because what is searched for is a name or an address."""
    form = SearchForm(request.POST or None, is_desk=scope.is_strong_desk)
    text = form.cleaned_data["text"] if request.method == "POST" and form.is_valid() else ""
    only_inactive = bool(scope.organizations) and "inactive" in request.GET
    people = (
        people_matching(text, scope, now=now, only_inactive=only_inactive)
        if text or not form.is_bound
        else []
    )
    if scope.is_strong_desk and text:
        own = own_among([each.account for each in people], scope, now=now)
        actions.open_looks(
            desk=scope.viewer,
            people=[each.account for each in people if each.account.pk not in own],
            reason=form.cleaned_data["reason"],
            by=by(request),
            now=now,
        )
    queue = access.awaiting(scope.viewer, now=now, as_desk=scope.is_strong_desk, authority=scope.authority)
    context = {
        "form": form,
        "scope": scope,
        "text": text,
        "people": people[:MOST_PEOPLE],
        "only_inactive": only_inactive,
        "is_alone": scope.is_strong_desk and is_alone_at_security_desk(scope, now=now),
        "there_are_more": len(people) > MOST_PEOPLE,
        "queue": [(each, access.last_day_of(each)) for each in access.first_of(queue, MOST_WAITING)],
        "queue_columns": QUEUE_COLUMNS,
        "role_columns": ROLE_COLUMNS,
        "width": "wide",
    }
    return render(request, "helpdesk/manage_users.html", context)
