"""One role of somebody else, for approvers and desks: remove it, give it a last day, see why it is held (Q-8, Q-10, Q-11)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import NoReturn
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.pages.downloads import download
from bailiwick.ground.pages.spreadsheets import CSV_TYPE
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import queries as access
from bailiwick.idm.access.actions import export_chain, note_refusal, remove_grant, set_end_date
from bailiwick.idm.access.chain_words import chain_as_csv
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.words import why_ended
from bailiwick.idm.helpdesk.actions import note_looks
from bailiwick.idm.helpdesk.forms import EndDateForm, RemoveForm
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.helpdesk.views import staff_page
from bailiwick.idm.rules.grants import Refusal
from bailiwick.idm.sessions.doors import freshly_verified

NO_SUCH_ROLE = _("There is no such role.")
View = Callable[[HttpRequest, Scope, datetime, Grant], HttpResponse]


def role_page(view: View) -> Callable[..., HttpResponse]:
    """A view of one role that the viewer may know of: `view(request, scope, now, grant)`. For anyone else there is none."""

    @staff_page
    @wraps(view)
    def opened(request: HttpRequest, scope: Scope, now: datetime, grant_id: UUID) -> HttpResponse:
        grant = access.grant_with_id(grant_id)
        if grant is None:
            raise Http404(NO_SUCH_ROLE)
        if not scope.sees(access.line_of(grant, now=now)):
            _refuse(request, grant, now)
        return view(request, scope, now, grant)

    return opened


def _refuse(request: HttpRequest, grant: Grant, now: datetime) -> NoReturn:
    """A role that is not theirs to know of is none for them; that they reached for it is on the ledger (L-2)."""
    note_refusal(about=grant, because=Refusal.NOT_A_REMOVER, by=by(request), now=now)
    raise Http404(NO_SUCH_ROLE)


def role_act(own: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """A role page for whoever may end the role, freshly verified (S-6). To `own` goes who comes for a role of their own."""

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @role_page
        @wraps(view)
        def opened(request: HttpRequest, scope: Scope, now: datetime, grant: Grant) -> HttpResponse:
            if grant.account_id == scope.viewer.pk:
                return redirect(own, grant_id=grant.pk)
            ruling = access.may_remove_grant(scope.viewer, grant, strength=scope.strength, now=now)
            if not ruling and ruling.because is Refusal.NOT_A_REMOVER:
                _refuse(request, grant, now)

            def entered(request: HttpRequest) -> HttpResponse:
                return view(request, scope, now, grant)

            return freshly_verified(within=_freshness(scope, grant))(entered)(request)

        return opened

    return decorate


def _freshness(scope: Scope, grant: Grant) -> timedelta:
    """A desk's act wants a factor passed more lately than an approver's (S-6)."""
    is_approvers_act = scope.authority.approves(grant.application, grant.organization)
    return settings.LIMITS.step_up if is_approvers_act else settings.LIMITS.step_up_desk


@require_http_methods(["GET", "POST"])
@role_act(own="role-remove")
def remove_role(request: HttpRequest, scope: Scope, now: datetime, grant: Grant) -> HttpResponse:
    """Are you sure?"""
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


@require_http_methods(["GET", "POST"])
@role_act(own="role-end-date")
def end_date(request: HttpRequest, scope: Scope, now: datetime, grant: Grant) -> HttpResponse:
    """Give somebody's role a last day, another one, or none any more (Q-10)."""
    form = EndDateForm(request.POST or None, initial={"ends_on": grant.ends_on})
    if request.method == "POST" and form.is_valid():
        try:
            set_end_date(
                grant=grant,
                ends_on=form.cleaned_data["ends_on"],
                setter=scope.viewer,
                reason=form.cleaned_data["reason"],
                strength=scope.strength,
                by=by(request),
                now=now,
            )
            return redirect("manage-users-why", grant_id=grant.pk)
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
    context = {"line": access.line_of(grant, now=now), "form": form}
    context["leaves_no_approver"] = access.leaves_no_approver(grant, now=now)
    return render(request, "helpdesk/end_date.html", context)


@require_http_methods(["GET", "POST"])
@role_page
def why(request: HttpRequest, scope: Scope, now: datetime, grant: Grant) -> HttpResponse:
    """Why does this person have the role? By POST the same as a file, freshly verified (Q-11, SR-38)."""
    chain = access.chain_of(grant, scope.viewer, now)
    if chain is None:
        _refuse(request, grant, now)

    def taken(request: HttpRequest) -> HttpResponse:
        exported = export_chain(grant=grant, account=scope.viewer, by=by(request), now=now)
        return download(chain_as_csv(exported), name=f"role-{grant.pk}.csv", content_type=CSV_TYPE)

    if request.method == "POST":
        return freshly_verified(within=_freshness(scope, grant))(taken)(request)
    if not scope.authority.approves(grant.application, grant.organization):
        note_looks(accounts=[grant.account], by=by(request), now=now)
    may_end = scope.may_remove(chain.line) and not access.has_ended(grant, now=now)
    context = {"chain": chain, "end_words": why_ended(access.why_it_ended(grant)), "may_end": may_end}
    return render(request, "helpdesk/why.html", context)
