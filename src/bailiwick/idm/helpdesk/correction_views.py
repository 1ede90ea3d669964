"""Tier 3 and correction requests: the queue, the request with its document, the decision (A-7, H-5)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.ground.uploads.responses import attachment
from bailiwick.idm.accounts.queries import survivor_of
from bailiwick.idm.helpdesk.desk import hides_itself
from bailiwick.idm.helpdesk.forms import ReasonForm
from bailiwick.idm.helpdesk.queries import revealed
from bailiwick.idm.helpdesk.registry_desk import (
    DeskVisit,
    look_first,
    person_page,
    reveal,
    security_desk,
)
from bailiwick.idm.helpdesk.registry_forms import CorrectionForm
from bailiwick.idm.helpdesk.registry_words import CORRECTION_WORDS, KIND_WORDS
from bailiwick.idm.helpdesk.words import MASKED_WORDS
from bailiwick.idm.registry import actions as registry
from bailiwick.idm.registry import queries
from bailiwick.idm.registry.models import Correction
from bailiwick.idm.rules.corrections import BY_TWO, WAITING, Kind, State
from bailiwick.idm.rules.desk import PROPOSED, Masked
from bailiwick.idm.rules.duplicates import Refusal

NO_SUCH_REQUEST = _("There is no such request.")
MOST_REQUESTS = 200
QUEUE_COLUMNS = (_("Request"), _("State"), _("Waiting since"))


@require_GET
@security_desk()
def queue(request: HttpRequest, visit: DeskVisit) -> HttpResponse:
    """What waits, the oldest first: no names, because nobody said yet why they look (H-3)."""
    rows = [
        (each, KIND_WORDS[Kind(each.kind)], CORRECTION_WORDS[State(each.state)])
        for each in queries.waiting_corrections(most=MOST_REQUESTS)
        if each.account_id != visit.desk.pk
    ]
    context = {"rows": rows, "columns": QUEUE_COLUMNS, "width": "wide"}
    return render(request, "helpdesk/corrections.html", context)


@require_http_methods(["GET", "POST"])
@security_desk()
def correction(request: HttpRequest, visit: DeskVisit, correction_id: UUID) -> HttpResponse:
    """The request behind a reason for looking: what is there, what is asked for, the document."""
    found = _correction(visit, correction_id)
    again = redirect("desk-correction", correction_id=correction_id)
    if asking := look_first(request, visit, [found.account], again):
        return asking
    return again if request.method == "POST" else _page(request, visit, found, CorrectionForm())


@require_http_methods(["GET", "POST"])
@security_desk(is_act=True)
def decide(request: HttpRequest, visit: DeskVisit, correction_id: UUID) -> HttpResponse:
    found = _correction(visit, correction_id)
    if request.method != "POST" or not visit.has_looked_at([found.account]):
        return redirect("desk-correction", correction_id=correction_id)
    form = CorrectionForm(request.POST)
    if form.is_valid():
        try:
            registry.decide_correction(
                correction=found,
                decider=visit.desk,
                presence=visit.presence,
                approve=form.cleaned_data["verdict"] == "approve",
                is_document_accepted=bool(form.cleaned_data.get("accepted")),
                reason=form.cleaned_data["reason"],
                by=by(request),
                now=visit.now,
            )
            return redirect("desk-correction", correction_id=correction_id)
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
    return _page(request, visit, _correction(visit, correction_id), form)


@require_http_methods(["GET", "POST"])
@security_desk(is_act=True)
def show(request: HttpRequest, visit: DeskVisit, correction_id: UUID, value: str) -> HttpResponse:
    """Reveal the value that is, or the one that is asked for (H-3)."""
    found = _correction(visit, correction_id)
    pair = PAIRS.get(Kind(found.kind), ())
    if value not in pair:
        raise Http404(NO_SUCH_REQUEST)
    form, sentence = ReasonForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            reveal(request, visit, found.account, Masked(value), form.cleaned_data["reason"])
            return redirect("desk-correction", correction_id=correction_id)
        except Refused as refused:
            sentence = sentence_for(refused.code, **refused.facts)
    context = {"form": form, "sentence": sentence, "correction": found, "label": MASKED_WORDS[Masked(value)]}
    return render(request, "helpdesk/correction_reveal.html", context)


@require_GET
@security_desk(is_act=True)
def document(request: HttpRequest, visit: DeskVisit, correction_id: UUID) -> HttpResponse:
    """The document, to be saved; that it was opened is on the ledger."""
    found = _correction(visit, correction_id)
    if not visit.has_looked_at([found.account]):
        return redirect("desk-correction", correction_id=correction_id)
    response = attachment(found.document)
    registry.note_document_seen(correction=found, by=by(request), now=visit.now)
    return response


def _correction(visit: DeskVisit, correction_id: UUID) -> Correction:
    found = queries.correction_with_id(correction_id)
    if found is None:
        raise Http404(NO_SUCH_REQUEST)
    if survivor_of(found.account).pk == visit.desk.pk:
        raise Refused(Refusal.OWN_CASE)
    return found


def _page(request: HttpRequest, visit: DeskVisit, found: Correction, form: CorrectionForm) -> HttpResponse:
    person = person_page(request, visit, found.account)
    row = revealed(visit.desk, session=request.signed_in.session, now=visit.now)
    value = row.value if row is not None and row.person_id == found.account_id else ""
    kind = Kind(found.kind)
    is_open = kind is Kind.NAME or value == PROPOSED[kind.value]
    present = [line for line in person.values if line.code in PAIRS.get(kind, ())]
    context: dict[str, Any] = {
        "correction": found,
        "person": person.found,
        "kind": KIND_WORDS[kind],
        "state": CORRECTION_WORDS[State(found.state)],
        "present": present,
        "proposed": queries.proposed_text(found) if is_open else "••••",
        "is_open": is_open,
        "proposed_code": PROPOSED.get(kind.value, ""),
        "until": row.until if value else None,
        "is_waiting": State(found.state) in WAITING,
        "by_two": kind in BY_TWO,
        "ruling": queries.may_decide_correction(visit.desk, found, presence=visit.presence, now=visit.now),
        "was_first": found.first_by_id == visit.desk.pk,
        "form": form,
        "width": "wide",
    }
    response = render(request, "helpdesk/correction.html", context)
    hides_itself(request, response, row.until if value else None, now=visit.now)
    return response


PAIRS: dict[Kind, tuple[str, ...]] = {
    Kind.SSN: (Masked.SSN, Masked.NEW_SSN),
    Kind.BIRTH_DATE: (Masked.BIRTH_DATE, Masked.NEW_BIRTH_DATE),
}
