"""Accounts that may be shared: a desk's report, tier 3's queue and cases (H-6)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.queries import full_name, survivor_of
from bailiwick.idm.helpdesk import actions, queries
from bailiwick.idm.helpdesk.desk import Visit, desk_act
from bailiwick.idm.helpdesk.forms import ReasonForm
from bailiwick.idm.helpdesk.models import SharingCase
from bailiwick.idm.helpdesk.person_views import act_page, work_of
from bailiwick.idm.helpdesk.registry_desk import DeskVisit, look_first, security_desk
from bailiwick.idm.helpdesk.state_forms import VerdictForm
from bailiwick.idm.helpdesk.words import GROUND_WORDS, SHARING_WORDS
from bailiwick.idm.rules.desk import Act, Refusal
from bailiwick.idm.rules.sharing import Ground, State, Verdict

NO_SUCH_CASE = _("There is no such case.")
MOST_CASES = 200
QUEUE_COLUMNS = (_("Case"), _("Why it was opened"), _("State"), _("Waiting since"))
SESSION_COLUMNS = (_("Place"), _("Device"), _("Signed in"), _("Last used"))
DEVICE_COLUMNS = (_("Device"), _("First used"), _("Last used"))


@require_http_methods(["GET", "POST"])
@desk_act(Act.REPORT_SHARING)
def report(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Any desk reports; what becomes of it is the security desk's."""

    def perform(form: Form) -> str:
        reason = form.cleaned_data["reason"]
        actions.report_sharing(work=work_of(visit), reason=reason, by=by(request), now=visit.now)
        return "reported"

    form, has_oversight = ReasonForm(request.POST or None), bool(settings.OVERSIGHT_EMAIL)
    return act_page(request, visit, "sharing_report", form=form, perform=perform, has_oversight=has_oversight)


@require_GET
@security_desk()
def queue(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """What waits, the oldest first: no names, because nobody said yet why they look (H-3)."""
    rows = [
        (case, GROUND_WORDS[Ground(case.ground)], SHARING_WORDS[State(case.state)])
        for case in queries.waiting_sharing(most=MOST_CASES)
        if case.account_id != visit.desk.pk
    ]
    context = {"rows": rows, "columns": QUEUE_COLUMNS, "width": "wide"}
    return render(request, "helpdesk/sharing_queue.html", context)


@require_http_methods(["GET", "POST"])
@security_desk()
def case(request: HttpRequest, visit: DeskVisit, case_id: UUID) -> HttpResponse:
    """The case with what shows it, behind a reason for looking at everybody in it."""
    found = _case(visit, case_id)
    again = redirect("desk-sharing-case", case_id=case_id)
    evidence = queries.evidence_of(found)
    if asking := look_first(request, visit, [found.account, *evidence.accounts], again):
        return asking
    return again if request.method == "POST" else _page(request, visit, found, VerdictForm())


@require_http_methods(["GET", "POST"])
@security_desk(is_act=True)
def settle(request: HttpRequest, visit: DeskVisit, case_id: UUID) -> HttpResponse:
    found = _case(visit, case_id)
    if request.method != "POST" or not visit.has_looked_at([found.account]):
        return redirect("desk-sharing-case", case_id=case_id)
    form = VerdictForm(request.POST)
    if form.is_valid():
        try:
            actions.settle_sharing(
                work=visit.work_on(found.account),
                case_id=found.pk,
                verdict=Verdict(form.cleaned_data["verdict"]),
                reason=form.cleaned_data["reason"],
                by=by(request),
                now=visit.now,
            )
            return redirect("desk-sharing-case", case_id=case_id)
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
    return _page(request, visit, _case(visit, case_id), form)


def _case(visit: DeskVisit, case_id: UUID) -> SharingCase:
    """The case; nobody sees one about themselves (Q-5)."""
    found = queries.sharing_case(case_id)
    if found is None:
        raise Http404(NO_SUCH_CASE)
    if survivor_of(found.account).pk == visit.desk.pk:
        raise Refused(Refusal.OWN_ACCOUNT)
    return found


def _page(request: HttpRequest, visit: DeskVisit, found: SharingCase, form: Form) -> HttpResponse:
    context: dict[str, Any] = {
        "case": found,
        "ground": GROUND_WORDS[Ground(found.ground)],
        "state": SHARING_WORDS[State(found.state)],
        "person": queries.person_found(found.account, visit.scope, now=visit.now),
        "account_state": queries.state_words(found.account),
        "reporter": full_name(found.reported_by) if found.reported_by else "",
        "settler": full_name(found.settled_by) if found.settled_by else "",
        "evidence": queries.evidence_of(found),
        "session_columns": SESSION_COLUMNS,
        "device_columns": DEVICE_COLUMNS,
        "waits": queries.waiting_closing(found.account),
        "form": form,
        "width": "wide",
    }
    return render(request, "helpdesk/sharing_case.html", context)
