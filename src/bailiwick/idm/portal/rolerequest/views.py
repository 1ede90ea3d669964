"""The wizard's pages but proofing and organization: application, role, review, confirmation (Q-1)."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bailiwick.ground.pages.fields import Option
from bailiwick.ground.pages.languages import translated
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access import queries as access
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.portal import actions
from bailiwick.idm.portal.lines import role_name
from bailiwick.idm.portal.queries import request_made_of
from bailiwick.idm.portal.rolerequest.forms import ReviewForm, SelectApplicationForm, SelectRoleForm
from bailiwick.idm.portal.rolerequest.journey import (
    Journey,
    current_journey,
    step_page,
    to_the_page_that_is_due,
)
from bailiwick.idm.portal.rolerequest.organization_views import turn_into_associate
from bailiwick.idm.portal.rolerequest.summary import request_summary
from bailiwick.idm.rules.asking import StepName
from bailiwick.idm.rules.grants import APPROVING
from bailiwick.idm.rules.organizations import Refusal
from bailiwick.idm.sessions.doors import signed_in


@require_GET
@signed_in
def entry(request: HttpRequest) -> HttpResponse:
    """Resume where the person stopped (Q-1)."""
    return to_the_page_that_is_due(current_journey(request, clock.now()))


@require_POST
@signed_in
def start_over(request: HttpRequest) -> HttpResponse:
    """Forget the answers; with an application, begin at its roles ("Add a role")."""
    code = request.POST.get("application", "")
    known = {each.code for each in catalogue().applications}
    actions.start_over(
        account=request.signed_in.account,
        application=code if code in known else "",
        by=by(request),
        now=clock.now(),
    )
    return redirect("role-request")


@require_http_methods(["GET", "POST"])
@step_page(StepName.APPLICATION)
def select_application(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    form = SelectApplicationForm(
        request.POST or None,
        applications=catalogue().applications,
        initial={"application": journey.draft.application},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["application"]
        actions.answer(
            draft=journey.draft, at=StepName.APPLICATION, by=by(request), now=now, application=chosen
        )
        return redirect("role-request")
    return render(
        request, "portal/rolerequest/application.html", journey.page(StepName.APPLICATION, form=form)
    )


@require_http_methods(["GET", "POST"])
@step_page(StepName.ROLE)
def select_role(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    offered = access.offered_roles(journey.account, journey.application.code, now=now)
    options = [
        Option(
            value=role.code,
            label=role.name,
            description=translated(role.description),
            blocked="" if ruling else sentence_for(ruling.because, **ruling.facts),
        )
        for role, ruling in offered
    ]
    form = SelectRoleForm(request.POST or None, options=options, initial={"role": journey.draft.role})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["role"]
        actions.answer(draft=journey.draft, at=StepName.ROLE, by=by(request), now=now, role=chosen)
        return redirect("role-request")
    page = journey.page(
        StepName.ROLE,
        form=form,
        none_is_left=all(option.blocked for option in options),
        approving=_approving(journey, now),
    )
    return render(request, "portal/rolerequest/role.html", page)


def _approving(journey: Journey, now: datetime) -> list[access.GrantLine]:
    """The roles here that contain end-user access: said before somebody asks for it in vain (Q-2)."""
    lines = access.grant_lines(journey.account, now=now)
    here = [line for line in lines if line.grant.application == journey.application.code]
    return [line for line in here if line.role and line.role.standing in APPROVING]


@require_http_methods(["GET", "POST"])
@signed_in
def review(request: HttpRequest) -> HttpResponse:
    """Review and submit. A second press of Submit is led to what the first one made."""
    made = request_made_of(request.signed_in.account, request.POST.get("draft", ""))
    return redirect("role-request-submitted", number=made.number) if made else _review(request)


@step_page(StepName.REVIEW)
def _review(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    """Everything once more, the reason, and Submit. What cannot be asked for is said before a reason is typed."""
    form = ReviewForm(request.POST or None)
    objection, refusal = _objection(journey, now), ""
    if objection and (made := request_made_of(journey.account, request.POST.get("draft", ""))):
        # The same press, sent twice: the first one was still under way when this one was looked up.
        return redirect("role-request-submitted", number=made.number)
    if request.method == "POST" and request.POST.get("seen") != journey.seen:
        refusal = _("Your answers were changed in another window. Check them again, then submit.")
    elif request.method == "POST" and not objection and form.is_valid():
        try:
            made = actions.submit_draft(
                draft=journey.draft, reason=form.cleaned_data["reason"], by=by(request), now=now
            )
            return redirect("role-request-submitted", number=made.number)
        except Refused as refused:
            if refused.code is Refusal.ORGANIZATION_EXISTS:
                # Somebody else's creation was approved meanwhile: nothing typed is lost (G-3).
                turn_into_associate(journey.draft, by=by(request), now=now)
                return redirect("role-request-organization")
            refusal = sentence_for(refused.code, **refused.facts)
    items = request_summary(journey)
    page = journey.page(StepName.REVIEW, form=form, objection=objection, refusal=refusal, items=items)
    return render(request, "portal/rolerequest/review.html", page)


def _objection(journey: Journey, now: datetime) -> str:
    """Why this cannot be asked for, in words; "" where it can."""
    draft = journey.draft
    ruling = access.may_request(
        journey.account,
        application=draft.application,
        role=draft.role,
        way=draft.way or "none",
        record=draft.record,
        now=now,
    )
    if ruling or ruling.because is Refusal.ORGANIZATION_EXISTS:
        return ""
    return sentence_for(ruling.because, **{"role_name": journey.role.name, **ruling.facts})


@require_GET
@signed_in
def submitted(request: HttpRequest, number: str) -> HttpResponse:
    """The confirmation number, who decides, by when, and what happens otherwise (Q-6)."""
    made = access.request_numbered(number)
    if made is None or made.account_id != request.signed_in.account_id:
        raise Http404(_("There is no such request."))
    now = clock.now()
    deciding = access.who_decides(made, now=now)
    application = catalogue().remembered(made.application)
    context = {
        "made": made,
        "deciding": deciding,
        "application": application,
        "role_name": role_name(application, made.role),
        "help": access.who_can_help(request.signed_in.account, made.application, made.organization, now=now),
    }
    return render(request, "portal/rolerequest/submitted.html", context)
