"""Tier 3 suspends and archives accounts, and opens them again; archiving takes two (A-6, H-2, H-5)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.program import by
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.helpdesk import actions, queries
from bailiwick.idm.helpdesk.desk import Visit, desk_act
from bailiwick.idm.helpdesk.forms import ReasonForm
from bailiwick.idm.helpdesk.person_views import act_page, work_of
from bailiwick.idm.helpdesk.registry_desk import DeskVisit, security_desk
from bailiwick.idm.helpdesk.state_forms import SettleForm
from bailiwick.idm.helpdesk.words import CLOSING_WORDS
from bailiwick.idm.rules.closing import Kind
from bailiwick.idm.rules.desk import Act

MOST_CLOSINGS = 200
QUEUE_COLUMNS = (_("Proposed"), _("By"), _("Waiting since"))


@require_http_methods(["GET", "POST"])
@desk_act(Act.SUSPEND)
def suspend(request: HttpRequest, visit: Visit) -> HttpResponse:
    def perform(form: Form) -> str:
        actions.suspend(work=work_of(visit), **_given(form, request, visit))
        return "suspended"

    return _page(request, visit, "suspend", _("Suspend the account"), perform)


@require_http_methods(["GET", "POST"])
@desk_act(Act.UNSUSPEND)
def unsuspend(request: HttpRequest, visit: Visit) -> HttpResponse:
    def perform(form: Form) -> str:
        actions.unsuspend(work=work_of(visit), **_given(form, request, visit))
        return "unsuspended"

    return _page(request, visit, "unsuspend", _("Lift the suspension"), perform)


@require_http_methods(["GET", "POST"])
@desk_act(Act.ARCHIVE)
def archive(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _propose(request, visit, Kind.ARCHIVE)


@require_http_methods(["GET", "POST"])
@desk_act(Act.UNARCHIVE)
def unarchive(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _propose(request, visit, Kind.UNARCHIVE)


@require_http_methods(["GET", "POST"])
@desk_act(Act.SETTLE_CLOSING)
def settle(request: HttpRequest, visit: Visit, closing_id: UUID) -> HttpResponse:
    """The second of two agrees or sends it back; the first can only take it back."""
    closing = queries.closing_with_id(closing_id, visit.person)
    if closing is None:
        raise Http404(_("There is no such proposal."))

    def perform(form: Form) -> str:
        agree = form.cleaned_data["verdict"] == "agree"
        given = _given(form, request, visit)
        actions.settle_closing(work=work_of(visit), closing_id=closing.pk, agree=agree, **given)
        return "agreed" if agree else "sent-back"

    is_own = closing.proposed_by_id == visit.desk.pk
    return act_page(
        request,
        visit,
        "closing",
        form=SettleForm(request.POST or None, is_own=is_own),
        perform=perform,
        closing=closing,
        kind=CLOSING_WORDS[Kind(closing.kind)],
        is_own=is_own,
        settled_by=full_name(closing.settled_by) if closing.settled_by else "",
    )


@require_GET
@security_desk()
def queue(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """What waits, the oldest first: no names of people, because nobody said yet why they look (H-3)."""
    rows = [
        (each, CLOSING_WORDS[Kind(each.kind)], full_name(each.proposed_by))
        for each in queries.waiting_closings(most=MOST_CLOSINGS)
        if each.account_id != visit.desk.pk
    ]
    return render(
        request, "helpdesk/closings.html", {"rows": rows, "columns": QUEUE_COLUMNS, "width": "wide"}
    )


def _propose(request: HttpRequest, visit: Visit, kind: Kind) -> HttpResponse:
    def perform(form: Form) -> str:
        actions.propose_closing(work=work_of(visit), kind=kind, **_given(form, request, visit))
        return "proposed"

    return _page(request, visit, kind.value, CLOSING_WORDS[kind], perform)


def _page(request: HttpRequest, visit: Visit, act: str, title: Any, perform: Any) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    return act_page(request, visit, "state", form=form, perform=perform, act=act, title=title)


def _given(form: Form, request: HttpRequest, visit: Visit) -> dict[str, Any]:
    now: datetime = visit.now
    return {"reason": form.cleaned_data["reason"], "by": by(request), "now": now}
