"""Tier 3 helps somebody who lost every device, or the mailbox: 24 hours, or two people (P-9, H-2, H-5)."""

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bailiwick.ground.program import by
from bailiwick.ground.rulings.masking import masked_email
from bailiwick.idm.helpdesk import actions, queries
from bailiwick.idm.helpdesk.desk import Visit, desk_act
from bailiwick.idm.helpdesk.forms import MailboxForm, ReasonForm
from bailiwick.idm.helpdesk.person_views import act_page, work_of
from bailiwick.idm.rules.desk import Act
from bailiwick.idm.signin.queries import reset_of


@require_http_methods(["GET", "POST"])
@desk_act(Act.RESET_FACTORS)
def factors(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Before a passed check there is nothing to fill in: the page leads to the check."""
    if _is_unchecked(request, visit):
        return redirect("desk-caller", person_id=visit.person.pk)

    def perform(form: Form) -> str:
        reason = form.cleaned_data["reason"]
        actions.start_factor_reset(work=work_of(visit), reason=reason, by=by(request), now=visit.now)
        return "reset-asked"

    form = ReasonForm(request.POST or None)
    return act_page(request, visit, "reset_factors", form=form, perform=perform, hours=_hours())


@require_http_methods(["GET", "POST"])
@desk_act(Act.CHANGE_EMAIL)
def email(request: HttpRequest, visit: Visit) -> HttpResponse:
    if _is_unchecked(request, visit):
        return redirect("desk-caller", person_id=visit.person.pk)

    def perform(form: Form) -> str:
        actions.start_email_change(
            work=work_of(visit),
            email=form.cleaned_data["email"],
            reason=form.cleaned_data["reason"],
            by=by(request),
            now=visit.now,
        )
        return "reset-asked"

    form, address = MailboxForm(request.POST or None), masked_email(visit.person.email)
    return act_page(request, visit, "change_email", form=form, perform=perform, email=address, hours=_hours())


@require_http_methods(["GET", "POST"])
@desk_act(Act.AGREE_RESET)
def agree(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The second person: without the wait (H-5)."""

    def perform(form: Form) -> str:
        reason = form.cleaned_data["reason"]
        actions.agree(work=work_of(visit), reason=reason, by=by(request), now=visit.now)
        return "reset-done"

    form, waiting = ReasonForm(request.POST or None), reset_of(visit.person)
    return act_page(request, visit, "agree_reset", form=form, perform=perform, reset=waiting)


def _is_unchecked(request: HttpRequest, visit: Visit) -> bool:
    if request.method == "POST":
        return False  # the action refuses, so that the ledger hears of it
    return queries.checked_until(visit.desk, visit.person, now=visit.now) is None


def _hours() -> int:
    return int(settings.LIMITS.factor_reset_waits.total_seconds() // 3600)
