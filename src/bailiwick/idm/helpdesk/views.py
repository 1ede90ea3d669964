"""Help Desk / Manage Users: what waits for a decision, finding people, removing roles (H-1, H-2, Q-8)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import NoReturn
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import queries as access
from bailiwick.idm.access.actions import note_refusal, remove_grant
from bailiwick.idm.access.models import Grant
from bailiwick.idm.helpdesk import actions
from bailiwick.idm.helpdesk.forms import RemoveForm, SearchForm
from bailiwick.idm.helpdesk.queries import MOST_PEOPLE, people_matching
from bailiwick.idm.helpdesk.scope import Scope, scope_of
from bailiwick.idm.rules.grants import Refusal, SignInStrength
from bailiwick.idm.sessions.doors import desk_factor_page, freshly_verified, signed_in

NO_SUCH_ROLE = _("There is no such role.")
QUEUE_COLUMNS = (
    _("Request"),
    _("Person"),
    _("Role"),
    _("Waiting since"),
    _("Expires"),
)
ROLE_COLUMNS = (
    _("Role"),
    _("Organization"),
    _("State"),
    _("Last sign-in"),
    _("What you can do"),
)


def strength_of(request: HttpRequest) -> SignInStrength:
    return request.signed_in.strength


def staff_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for approvers and desks: `view(request, scope, now, …)`. To anyone else the page is closed (H-1)."""

    @signed_in
    @wraps(view)
    def opened(request: HttpRequest, **named: object) -> HttpResponse:
        now = clock.now()
        scope = scope_of(request.signed_in.account, strength=strength_of(request), now=now)
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
    people = people_matching(text, scope, now=now) if text or not form.is_bound else []
    if scope.is_strong_desk and text:
        own = {line.grant.account_id for line in _own_lines(scope, now)}
        actions.open_looks(
            desk=scope.viewer,
            people=[each.account for each in people if each.account.pk not in own],
            reason=form.cleaned_data["reason"],
            by=by(request),
            now=now,
        )
    context = {
        "form": form,
        "scope": scope,
        "text": text,
        "people": people[:MOST_PEOPLE],
        "there_are_more": len(people) > MOST_PEOPLE,
        "queue": access.requests_awaiting(scope.viewer, now=now, as_desk=scope.is_strong_desk),
        "queue_columns": QUEUE_COLUMNS,
        "role_columns": ROLE_COLUMNS,
        "width": "wide",
    }
    return render(request, "helpdesk/manage_users.html", context)


def _own_lines(scope: Scope, now: datetime) -> list[access.GrantLine]:
    """An approver's look at their own people is no desk's look."""
    return [line for organization in scope.organizations for line in access.people_of(organization, now=now)]


@require_http_methods(["GET", "POST"])
@staff_page
def remove_role(request: HttpRequest, scope: Scope, now: datetime, grant_id: UUID) -> HttpResponse:
    """Are you sure? For a role that is nobody's to know of here, there is no page: 404."""
    grant = access.grant_with_id(grant_id)
    if grant is None:
        raise Http404(NO_SUCH_ROLE)
    if not scope.sees(access.line_of(grant, now=now)):
        _refuse(request, grant, now)
    if grant.account_id == scope.viewer.pk:
        return redirect("role-remove", grant_id=grant.pk)
    ruling = access.may_remove_grant(scope.viewer, grant, strength=scope.strength, now=now)
    if not ruling and ruling.because is Refusal.NOT_A_REMOVER:
        _refuse(request, grant, now)

    def asked(request: HttpRequest) -> HttpResponse:
        return _remove(request, scope, grant, now)

    return freshly_verified(within=_freshness(scope, grant))(asked)(request)


def _refuse(request: HttpRequest, grant: Grant, now: datetime) -> NoReturn:
    """A role that is not theirs to know of is none for them; that they reached for it is on the ledger (L-2)."""
    note_refusal(about=grant, because=Refusal.NOT_A_REMOVER, by=by(request), now=now)
    raise Http404(NO_SUCH_ROLE)


def _freshness(scope: Scope, grant: Grant) -> timedelta:
    """A desk's act wants a factor passed more lately than an approver's (S-6)."""
    is_approvers_act = scope.authority.approves(grant.application, grant.organization)
    return settings.LIMITS.step_up if is_approvers_act else settings.LIMITS.step_up_desk


def _remove(request: HttpRequest, scope: Scope, grant: Grant, now: datetime) -> HttpResponse:
    leaves_no_approver = access.leaves_no_approver(grant, now=now)
    form = RemoveForm(request.POST or None, leaves_no_approver=leaves_no_approver)
    if request.method == "POST" and form.is_valid():
        try:
            remove_grant(
                grant=grant,
                remover=scope.viewer,
                reason=form.cleaned_data["reason"],
                confirmed_none_left=bool(form.cleaned_data.get("none_left")),
                strength=scope.strength,
                by=by(request),
                now=now,
            )
            return redirect("manage-users-removed", grant_id=grant.pk)
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
    context = {"line": access.line_of(grant, now=now), "form": form, "leaves_no_approver": leaves_no_approver}
    return render(request, "helpdesk/remove.html", context)


@require_GET
@staff_page
def removed(request: HttpRequest, scope: Scope, now: datetime, grant_id: UUID) -> HttpResponse:
    """What was done, for the one who did it."""
    grant = access.grant_with_id(grant_id)
    if grant is None or grant.ended_by_id != scope.viewer.pk:
        raise Http404(NO_SUCH_ROLE)
    return render(request, "helpdesk/removed.html", {"line": access.line_of(grant, now=now)})
