"""Providers and services of one organization: whom it serves, who acts for it, and ending that (M-1, E-5)."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.portal.forms import LookForm
from bailiwick.spot.rules.services import ENDS_MANDATES
from bailiwick.spot.services import actions, queries
from bailiwick.spot.services.queries import Mandate, Served
from bailiwick.spot.signin.doors import signed_in
from bailiwick.spot.signin.queries import SignedIn

NO_SUCH = _("There is no such organization among yours.")
A_PAGE, MOST_MANDATES = 50, 100
COLUMNS = (
    _("Provider"),
    _("PTAN"),
    _("NPI"),
    _("Line of business"),
    _("Services"),
    _("Remittance (ERA) goes to"),
)


@require_safe
@signed_in
def providers(request: HttpRequest) -> HttpResponse:
    """Providers and services of the organization that the person works for (M-2)."""
    grant = request.signed_in.working_as
    if grant is None or grant.organization is None or record_with(grant.organization.submitter_id) is None:
        return render(request, "spot_portal/no_providers.html", {"person": request.signed_in})
    return services(request, submitter_id=grant.organization.submitter_id)


@require_safe
@signed_in
def services(request: HttpRequest, submitter_id: str) -> HttpResponse:
    """Whom the organization serves, where their remittance goes, and who acts for it."""
    record, day = _own_record(request.signed_in, submitter_id), timezone.localdate(clock.now())
    form = LookForm(request.GET)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    page = Paginator(queries.served_by(record, text=text, day=day), A_PAGE).get_page(request.GET.get("page"))
    acting = queries.mandates_of(record, text=text, day=day)[: MOST_MANDATES + 1]
    mandates = queries.as_mandates(acting, day=day)
    context = {
        "person": request.signed_in,
        "record": record,
        "form": form,
        "text": text,
        "page": page,
        "query": urlencode({"text": text}) if text else "",
        "rows": [_row(one) for one in queries.with_receivers(page.object_list, day=day)],
        "mandates": mandates[:MOST_MANDATES],
        "most_mandates": MOST_MANDATES if len(mandates) > MOST_MANDATES else 0,
        "columns": COLUMNS,
        "may_end": _standing(request.signed_in, record) in ENDS_MANDATES,
        "is_ended": "ended" in request.GET,
        "width": "wide",
    }
    return render(request, "spot_portal/services.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def end_mandate(request: HttpRequest, submitter_id: str, mandate: UUID) -> HttpResponse:
    """Asked once more, then ended from today on; the other side is told."""
    person, now = request.signed_in, clock.now()
    record = _own_record(person, submitter_id)
    found = _mandate(record, mandate, now)
    if found is None or _standing(person, record) not in ENDS_MANDATES:
        raise Http404(NO_SUCH)
    if now - person.session.auth_time > settings.LIMITS.verified_within:
        here = reverse("spot_portal:end-mandate", args=[submitter_id, mandate])
        return redirect(f"{reverse('spot_signin:start')}?{urlencode({'again': '1', 'next': here})}")
    context: dict[str, Any] = {"person": person, "record": record, "mandate": found}
    if request.method == "POST":
        try:
            actions.end_mandate(
                affiliation=found.affiliation,
                ender=record,
                on=timezone.localdate(now),
                by=by(request),
                now=now,
            )
        except Refused as refused:
            context["refusal"] = sentence_for(refused.code, **refused.facts)
            return render(request, "spot_portal/end_mandate.html", context, status=409)
        return redirect(reverse("spot_portal:services", args=[submitter_id]) + "?ended")
    return render(request, "spot_portal/end_mandate.html", context)


def _row(one: Served) -> tuple[str, ...]:
    row, provider = one.affiliation, one.provider
    does = (row.sends_claims and _("Claims (837)"), row.asks_status and _("Claim status (276/277)"))
    receiver = one.receiver
    return (
        provider.name,
        provider.ptan,
        provider.npi,
        ", ".join((_("Part %(part)s") % {"part": provider.line_of_business}, provider.state)),
        ", ".join(str(words) for words in does if words) or "–",
        f"{receiver.legal_name} ({receiver.submitter_id})" if receiver else str(_("Paper")),
    )


def _own_record(person: SignedIn, submitter_id: str) -> EnrollmentRecord:
    """The record of an organization in which the person holds a role; to anybody else there is none (AX17)."""
    record = record_with(submitter_id) if _standings(person, submitter_id) else None
    if record is None:
        raise Http404(NO_SUCH)
    return record


def _standings(person: SignedIn, submitter_id: str) -> set[str]:
    return {
        grant.standing
        for grant in person.grants
        if grant.organization and grant.organization.submitter_id == submitter_id
    }


def _standing(person: SignedIn, record: EnrollmentRecord) -> str:
    """The strongest standing that the person has in the organization."""
    held = _standings(person, record.submitter_id)
    return next((standing for standing in (*ENDS_MANDATES, *sorted(held)) if standing in held), "")


def _mandate(record: EnrollmentRecord, identifier: UUID, now: datetime) -> Mandate | None:
    day = timezone.localdate(now)
    return next(
        iter(queries.as_mandates(queries.mandates_of(record, day=day).filter(pk=identifier), day=day)), None
    )
