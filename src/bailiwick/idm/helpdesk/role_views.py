"""A person's roles and waiting requests, for a desk: remove one or many with a result per row, cancel (H-2, Q-10)."""

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import queries as access
from bailiwick.idm.access.actions import Result
from bailiwick.idm.helpdesk import actions, queries
from bailiwick.idm.helpdesk.desk import Visit, desk_act
from bailiwick.idm.helpdesk.forms import ReasonForm, RolesForm
from bailiwick.idm.helpdesk.person_views import act_page, work_of
from bailiwick.idm.rules.desk import Act

RESULT_COLUMNS = (gettext_lazy("Role"), gettext_lazy("Organization"), gettext_lazy("Result"))


@require_http_methods(["GET", "POST"])
@desk_act(Act.REMOVE_ROLES)
def remove(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The answer to the POST is the result: each row stands for itself, and a reload changes nothing more."""
    found = queries.person_found(visit.person, visit.scope, now=visit.now)
    lines = [role.line for role in found.roles if role.is_removable]
    form = RolesForm(request.POST or None, roles=[(line.grant.pk, label_of(line)) for line in lines])
    context = {"form": form, "person": found, "lines": lines, "width": "wide"}
    context["orphaned"] = [line for line in lines if access.leaves_no_approver(line.grant, now=visit.now)]
    if request.method == "POST" and form.is_valid():
        chosen = [line.grant for line in lines if line.grant.pk in form.chosen]
        try:
            outcomes = actions.remove_roles(
                work=work_of(visit),
                grants=chosen,
                reason=form.cleaned_data["reason"],
                by=by(request),
                now=visit.now,
            )
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
        else:
            context |= {"rows": [_row(each, visit) for each in outcomes], "columns": RESULT_COLUMNS}
            return render(request, "helpdesk/roles_removed.html", context)
    return render(request, "helpdesk/roles_remove.html", context)


def label_of(line: access.GrantLine) -> str:
    return ", ".join(filter(None, (line.role_name, line.grant.legal_name)))


def _row(outcome: Result, visit: Visit) -> tuple[str, str, str]:
    line, refused = access.line_of(outcome.about, now=visit.now), outcome.refused
    result = sentence_for(refused.code, **refused.facts) if refused else _("Removed")
    return line.role_name, line.grant.legal_name or "–", result


@require_http_methods(["GET", "POST"])
@desk_act(Act.CANCEL_REQUEST)
def cancel(request: HttpRequest, visit: Visit, number: str) -> HttpResponse:
    asked = access.request_numbered(number)
    if asked is None or asked.account_id != visit.person.pk:
        raise Http404(_("There is no such request."))

    def perform(form: Form) -> str:
        reason = form.cleaned_data["reason"]
        actions.cancel_pending(
            work=work_of(visit), request=asked, reason=reason, by=by(request), now=visit.now
        )
        return "canceled"

    form = ReasonForm(request.POST or None)
    return act_page(request, visit, "cancel_request", form=form, perform=perform, asked=asked)
