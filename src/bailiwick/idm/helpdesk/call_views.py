"""Somebody is on the phone: the caller check, and the reset link that only follows a passed one (H-4, P-6)."""

from collections.abc import Callable

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.ground.rulings.masking import masked_email
from bailiwick.idm.accounts.queries import recovery_emails
from bailiwick.idm.helpdesk import actions, queries
from bailiwick.idm.helpdesk.desk import Visit, desk_act
from bailiwick.idm.helpdesk.forms import CallerForm, ReasonForm
from bailiwick.idm.helpdesk.person_views import act_page, work_of
from bailiwick.idm.rules.desk import Act


@require_http_methods(["GET", "POST"])
@desk_act(Act.CHECK_CALLER)
def caller(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Step by step on one page: send the code; type what the caller reads."""
    if request.method == "POST" and "send" in request.POST:
        return _send(request, visit)

    def perform(form: Form) -> str:
        number = form.cleaned_data["code"]
        actions.check_caller(work=work_of(visit), number=number, by=by(request), now=visit.now)
        return "checked"

    return _caller_page(request, visit, CallerForm(request.POST or None), perform)


def _send(request: HttpRequest, visit: Visit) -> HttpResponse:
    try:
        actions.send_caller_code(work=work_of(visit), by=by(request), now=visit.now)
    except Refused as refused:
        return _caller_page(request, visit, CallerForm(), refused=refused)
    return redirect("desk-caller", person_id=visit.person.pk)


def _caller_page(
    request: HttpRequest,
    visit: Visit,
    form: Form,
    perform: Callable[[Form], str] | None = None,
    *,
    refused: Refused | None = None,
) -> HttpResponse:
    return act_page(
        request,
        visit,
        "caller",
        form=form,
        perform=perform,
        refused=refused,
        # Asked when the page is drawn: the code that was just typed wrong may be void by then.
        waits=lambda: queries.waiting_check(visit.desk, visit.person, now=visit.now),
        email=_mailbox(visit),
        holds=int(settings.LIMITS.caller_check_holds.total_seconds() // 60),
    )


def _mailbox(visit: Visit) -> str:
    """Where codes and links for a caller go: for a day after a change, to the mailbox before (R-9)."""
    return masked_email(recovery_emails(visit.person, now=visit.now)[-1])


@require_http_methods(["GET", "POST"])
@desk_act(Act.SEND_RESET_LINK)
def reset_link(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Before a passed check there is nothing to fill in: the page leads to the check."""
    until = queries.checked_until(visit.desk, visit.person, now=visit.now)
    if until is None and request.method != "POST":
        return redirect("desk-caller", person_id=visit.person.pk)

    def perform(form: Form) -> str:
        reason = form.cleaned_data["reason"]
        actions.send_reset(work=work_of(visit), reason=reason, by=by(request), now=visit.now)
        return "reset"

    return act_page(
        request,
        visit,
        "reset_link",
        form=ReasonForm(request.POST or None),
        perform=perform,
        email=_mailbox(visit),
        until=until,
    )
