"""The wizard's identity step (V-1 … V-4): consent, details, and what came of them. `proofing.standing` picks the page."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.actions import correct_personal_facts
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.portal.rolerequest.details_form import DetailsForm
from bailiwick.idm.portal.rolerequest.forms import ConsentForm, ContactedForm
from bailiwick.idm.portal.rolerequest.journey import (
    Journey,
    current_journey,
    step_page,
    to_the_page_that_is_due,
)
from bailiwick.idm.proofing.actions import consent
from bailiwick.idm.proofing.attempts import prove, vendor_is_away
from bailiwick.idm.proofing.models import Case
from bailiwick.idm.proofing.queries import TERMS_TEMPLATE, Standing, latest_manual_of, standing
from bailiwick.idm.rules.asking import StepName
from bailiwick.idm.rules.proofing import Outcome, Place, Unavailable, Verified
from bailiwick.idm.sessions.doors import signed_in


@require_http_methods(["GET", "POST"])
@step_page(StepName.IDENTITY)
def identity(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    """The page of the place where this person's proofing stands."""
    place = standing(journey.account, now=now)
    if place.place is Place.CONSENT:
        return _consent(request, journey, now)
    if place.place is Place.CALL:
        return _call(request, journey, place, now)
    if place.place is Place.REFUSED:
        return _refused(request, journey, place)
    return redirect("role-request-by-hand" if place.place is Place.BY_HAND else "role-request-details")


@require_http_methods(["GET", "POST"])
@step_page(StepName.IDENTITY)
def call(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    """The way back from the call, open beside a case by hand (V-4)."""
    place = standing(journey.account, now=now)
    if not place.may_ask_by_reference:
        return redirect("role-request-identity")
    return _call(request, journey, place, now)


def _refused(request: HttpRequest, journey: Journey, place: Standing) -> HttpResponse:
    """After a failure by hand only a corrected file at the vendor helps (V-5)."""
    refused = latest_manual_of(journey.account)
    page = journey.page(
        StepName.IDENTITY,
        standing=place,
        refused=refused,
        is_us_address=personal_facts(journey.account).address.is_us,
        again_at=refused.decided_at + settings.LIMITS.proofing_cool_down,
    )
    return render(request, "portal/rolerequest/identity_refused.html", page)


def _consent(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        consent(account=journey.account, by=by(request), now=now)
        return redirect("role-request-details")
    page = journey.page(StepName.IDENTITY, form=form, proofing_terms=TERMS_TEMPLATE)
    return render(request, "portal/rolerequest/identity_consent.html", page)


def _call(request: HttpRequest, journey: Journey, place: Standing, now: datetime) -> HttpResponse:
    form = ContactedForm(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _ask(request, journey, place.case, by_reference=True, now=now)
        except Refused as refused:
            refusal = sentence_for(refused.code, **refused.facts)
    page = journey.page(
        StepName.IDENTITY, form=form, standing=place, refusal=refusal, vendor_is_away=vendor_is_away()
    )
    return render(request, "portal/rolerequest/identity_call.html", page)


@require_http_methods(["GET", "POST"])
@step_page(StepName.IDENTITY)
def details(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    """Confirm or correct what the account knows (A-7), then ask the vendor."""
    place = standing(journey.account, now=now)
    if not place.may_ask_online or place.case is None:
        return redirect("role-request-identity")
    form = DetailsForm(request.POST or None, known=personal_facts(journey.account))
    if request.method == "POST" and form.is_valid():
        try:
            _keep_corrections(request, journey, form, now)
            return _ask(request, journey, place.case, by_reference=False, now=now)
        except Refused as refused:
            form.refuse(refused.code, sentence_for(refused.code, **refused.facts))
    page = journey.page(StepName.IDENTITY, form=form, standing=place, vendor_is_away=vendor_is_away())
    return render(request, "portal/rolerequest/identity_details.html", page)


def _keep_corrections(request: HttpRequest, journey: Journey, form: DetailsForm, now: datetime) -> None:
    facts = form.facts()
    if facts != form.known:
        correct_personal_facts(account=journey.account, facts=facts, by=by(request), now=now)


def _ask(
    request: HttpRequest, journey: Journey, case: Case, *, by_reference: bool, now: datetime
) -> HttpResponse:
    """Ask the vendor, outside any transaction; the pages that follow read what was stored."""
    facts = personal_facts(journey.account)
    outcome: Outcome = prove(case=case, facts=facts, by=by(request), now=now, by_reference=by_reference)
    if isinstance(outcome, Verified):
        return redirect("role-request-verified")
    if isinstance(outcome, Unavailable):
        return redirect("role-request-unavailable")
    return redirect("role-request-identity")


@require_GET
@signed_in
def verified(request: HttpRequest) -> HttpResponse:
    journey = current_journey(request, clock.now())
    if not journey.answers.is_proofed:
        return to_the_page_that_is_due(journey)
    page = journey.page(StepName.IDENTITY)
    return render(request, "portal/rolerequest/identity_verified.html", page)


@require_GET
@step_page(StepName.IDENTITY)
def unavailable(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    """Nothing was used up (V-3)."""
    place = standing(journey.account, now=now)
    page = journey.page(StepName.IDENTITY, standing=place)
    return render(request, "portal/rolerequest/identity_unavailable.html", page)
