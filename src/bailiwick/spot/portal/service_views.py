"""Providers and services of one organization: whom it serves, who acts for it, and ending that (M-1, E-5)."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.enrollment.queries import record_with
from bailiwick.spot.portal.forms import LookForm
from bailiwick.spot.rules.services import ENDS_MANDATES, Refusal
from bailiwick.spot.rules.sessions import is_fresh
from bailiwick.spot.services import actions, queries
from bailiwick.spot.services.queries import Served
from bailiwick.spot.signin.doors import signed_in
from bailiwick.spot.signin.queries import SignedIn
from bailiwick.wire.claims import GrantClaim

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
        "may_end": _role_used(request.signed_in, record) is not None,
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
    found = queries.mandate_numbered(record, mandate, day=timezone.localdate(now))
    used = _role_used(person, record)
    if found is None or used is None:
        raise Http404(NO_SUCH)
    context: dict[str, Any] = {"person": person, "record": record, "mandate": found}
    if found.affiliation.ends_on is not None:
        return _not_ended(request, context, Refused(Refusal.ENDED_ALREADY))
    limits = settings.LIMITS
    if not is_fresh(person.session.auth_time, within=limits.verified_within, now=now, limits=limits):
        here = reverse("spot_portal:end-mandate", args=[submitter_id, mandate])
        return redirect(f"{reverse('spot_signin:start')}?{urlencode({'again': '1', 'next': here})}")
    if request.method == "POST":
        try:
            actions.end_mandate(
                affiliation=found.affiliation,
                ender=record,
                on=timezone.localdate(now),
                by=replace(by(request), capacity=person.capacity_by(used)),
                now=now,
            )
        except Refused as refused:
            return _not_ended(request, context, refused)
        return redirect(reverse("spot_portal:services", args=[submitter_id]) + "?ended")
    return render(request, "spot_portal/end_mandate.html", context)


def _not_ended(request: HttpRequest, context: dict[str, Any], refused: Refused) -> HttpResponse:
    """The question with what speaks against it; where it has ended already, that alone: pressed twice, or Back and again."""
    context |= {
        "refusal": sentence_for(refused.code, **refused.facts),
        "is_over": refused.code == Refusal.ENDED_ALREADY,
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "spot_portal/end_mandate.html", context, status=status)


def _row(one: Served) -> tuple[str, ...]:
    row, provider = one.affiliation, one.provider
    does = (
        row.sends_claims and _("Claims (837)"),
        row.asks_status and _("Claim status (276/277)"),
        row.pc_ace_on and _("PC-ACE since %(day)s") % {"day": date_format(row.pc_ace_on)},
    )
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
    record = record_with(submitter_id) if _roles_at(person, submitter_id) else None
    if record is None:
        raise Http404(NO_SUCH)
    return record


def _roles_at(person: SignedIn, submitter_id: str) -> list[GrantClaim]:
    return [
        grant
        for grant in person.grants
        if grant.organization and grant.organization.submitter_id == submitter_id
    ]


def _role_used(person: SignedIn, record: EnrollmentRecord) -> GrantClaim | None:
    """By which of their roles there the person ends a mandate: what they work as where it can, else the strongest (E-5, M-2)."""
    able = [one for one in _roles_at(person, record.submitter_id) if one.standing in ENDS_MANDATES]
    working = person.working_as
    if working in able:
        return working
    return min(able, key=lambda one: ENDS_MANDATES.index(one.standing), default=None)
