"""The wizard's organization step (G-2 … G-5): create, associate, or search and pick."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.access.queries import ways_for
from bailiwick.idm.organizations.actions import count_search, find_enrollment
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.organizations.queries import organization as organization_with_submitter_id
from bailiwick.idm.organizations.queries import organization_with_id
from bailiwick.idm.organizations.queries import search as search_organizations
from bailiwick.idm.portal import actions
from bailiwick.idm.portal.models import RoleRequestDraft
from bailiwick.idm.portal.rolerequest.forms import CreateOrganizationForm, SearchOrganizationForm
from bailiwick.idm.portal.rolerequest.journey import Journey, step_page
from bailiwick.idm.portal.rolerequest.summary import organization_summary
from bailiwick.idm.rules.asking import StepName, Way
from bailiwick.idm.rules.organizations import Refusal

COMPARED = ("address", "city", "state", "zip", "phone")


@require_http_methods(["GET"])
@step_page(StepName.ORGANIZATION)
def organization(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:  # noqa: ARG001
    """The organization chosen so far, or the page on which this role chooses one."""
    if journey.answers.has_organization:
        page = journey.page(StepName.ORGANIZATION, items=organization_summary(journey.draft))
        return render(request, "portal/rolerequest/organization_chosen.html", page)
    may_create = Way.CREATE in ways_for(journey.role)
    return redirect("role-request-create" if may_create else "role-request-search")


@require_http_methods(["GET", "POST"])
@step_page(StepName.ORGANIZATION)
def create(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    """Compare what is typed with the enrollment record; which part was wrong is never said (G-2)."""
    if Way.CREATE not in ways_for(journey.role):
        return redirect("role-request-search")
    form = CreateOrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _create(request, journey, form.cleaned_data, now)
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
    page = journey.page(StepName.ORGANIZATION, form=form)
    return render(request, "portal/rolerequest/create.html", page)


def _create(request: HttpRequest, journey: Journey, typed: dict[str, Any], now: datetime) -> HttpResponse:
    try:
        record = find_enrollment(
            account=journey.account,
            submitter_id=typed["submitter_id"],
            legal_name=typed["legal_name"],
            tin=typed["tin"],
            by=by(request),
            now=now,
        )
    except Refused as refused:
        if refused.code is not Refusal.ORGANIZATION_EXISTS:
            raise
        existing = organization_with_submitter_id(refused.facts["submitter_id"])
        _choose(
            journey,
            existing.record,
            Way.ASSOCIATE,
            organization=existing,
            turned=True,
            by=by(request),
            now=now,
        )
        return redirect("role-request-organization")
    differing = [name for name in COMPARED if not _reads_alike(typed[name], getattr(record, name))]
    _choose(journey, record, Way.CREATE, differing=differing, by=by(request), now=now)
    return redirect("role-request-review")


def _reads_alike(typed: str, recorded: str) -> bool:
    one, other = ("".join(filter(str.isalnum, text.casefold())) for text in (typed, recorded))
    # A ZIP+4 beside a plain ZIP is no difference.
    return one == other or (min(len(one), len(other)) == 5 and one[:5] == other[:5] and one.isdigit())  # noqa: PLR2004


def turn_into_associate(draft: RoleRequestDraft, *, by: By, now: datetime) -> None:
    """The organization came to exist while this draft waited to create it (G-3)."""
    existing = organization_with_submitter_id(draft.record.submitter_id)
    actions.answer(
        draft=draft,
        at=StepName.ORGANIZATION,
        by=by,
        now=now,
        way=Way.ASSOCIATE,
        organization=existing,
        turned=True,
    )


@require_http_methods(["GET", "POST"])
@step_page(StepName.ORGANIZATION)
def search(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    """Find an existing organization. A POST, because a sole owner's business name is a person's name."""
    form = SearchOrganizationForm(request.POST or None)
    found: list[Organization] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            count_search(account=journey.account, by=by(request), now=now)
            found = search_organizations(**form.cleaned_data)
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
    kind = journey.role.organization_kind
    page = journey.page(
        StepName.ORGANIZATION,
        form=form,
        found=found,
        fitting=[each for each in found or [] if kind is None or each.kind == kind],
        ways=ways_for(journey.role),
        caption=_("Organizations found"),
        columns=(_("Legal Business Name"), _("Place"), _("Choose")),
    )
    return render(request, "portal/rolerequest/search.html", page)


@require_POST
@step_page(StepName.ORGANIZATION)
def pick(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    chosen = organization_with_id(request.POST.get("organization", ""))
    if chosen is None:
        raise Http404(_("There is no such organization."))
    way = Way.PICK if Way.PICK in ways_for(journey.role) else Way.ASSOCIATE
    _choose(journey, chosen.record, way, organization=chosen, by=by(request), now=now)
    return redirect("role-request-review")


@require_POST
@step_page(StepName.ORGANIZATION)
def change(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    """Choose again."""
    actions.answer(
        draft=journey.draft, at=StepName.ORGANIZATION, by=by(request), now=now, **actions.NO_ORGANIZATION
    )
    return redirect("role-request-organization")


def _choose(
    journey: Journey, record: EnrollmentRecord, way: Way, *, by: By, now: datetime, **more: Any
) -> None:
    answers = {**actions.NO_ORGANIZATION, "way": way, "record": record, **more}
    actions.answer(draft=journey.draft, at=StepName.ORGANIZATION, by=by, now=now, **answers)
