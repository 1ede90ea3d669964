"""Tier 3 and proofing by hand: the queue, a person's case with its documents, the decisions. (V-5, H-5)"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.ground.uploads.responses import attachment
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.helpdesk import actions, queries
from bailiwick.idm.helpdesk.desk import Visit, desk_act, hides_itself
from bailiwick.idm.helpdesk.person_views import work_of
from bailiwick.idm.helpdesk.proofing_forms import MoreForm, ProposeForm, SettleForm
from bailiwick.idm.helpdesk.scope import Scope
from bailiwick.idm.helpdesk.views import desk_page
from bailiwick.idm.proofing import queries as proofing
from bailiwick.idm.proofing.models import Judgement, Manual
from bailiwick.idm.proofing.words import CHECK_WORDS, DOCUMENT_WORDS, STATE_WORDS
from bailiwick.idm.rules.desk import SECURITY_DESK, Act
from bailiwick.idm.rules.manual import AT_THE_DESK, Check, Document, State, Verdict

NO_SUCH_CASE = _("There is no such case.")
QUEUE_COLUMNS = (_("Case"), _("Person"), _("State"), _("Waiting since"))
FORMS = {"propose": ProposeForm, "settle": SettleForm, "more": MoreForm}
JUDGED = {
    Judgement.Kind.PROPOSED: _("proposed"),
    Judgement.Kind.CONFIRMED: _("confirmed"),
    Judgement.Kind.SENT_BACK: _("sent back"),
    Judgement.Kind.MORE_ASKED: _("asked for more"),
}
VERDICTS = {Verdict.VERIFY: _("verify"), Verdict.REFUSE: _("refuse")}
GROUNDS = {
    "address abroad": _("The home address is outside the United States"),
    "number of another account": _("The Social Security number is verified for another account"),
    "not verified": _("The identity verification service could not verify the person"),
    "online tries used up": _("The online tries are used up"),
    "not verified after the call": _("Not verified after the call"),
    "vendor away": _("The identity verification service did not answer"),
}


@require_GET
@desk_page
def queue(request: HttpRequest, scope: Scope, now: datetime) -> HttpResponse:  # noqa: ARG001 - desk_page's signature
    """What waits for tier 3, the longest first; nobody sees their own case here."""
    if scope.identity_tier not in SECURITY_DESK or not scope.is_strong_desk:
        raise PermissionDenied
    rows = [
        (manual, full_name(manual.account), STATE_WORDS[State(manual.state)])
        for manual in proofing.manuals_at_the_desk()
        if manual.account_id != scope.viewer.pk
    ]
    context = {"rows": rows, "columns": QUEUE_COLUMNS, "width": "wide"}
    return render(request, "helpdesk/proofing_queue.html", context)


@require_GET
@desk_act(Act.SEE_PROOFING)
def case(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _page(request, visit, _manual_of(visit))


@require_http_methods(["GET", "POST"])
@desk_act(Act.DECIDE_PROOFING)
def decide(request: HttpRequest, visit: Visit, act: str) -> HttpResponse:
    """One of three acts by its own form; what is refused is said on the case's page, to which a step-up leads back."""
    if act not in FORMS:
        raise Http404(NO_SUCH_CASE)
    if request.method != "POST":
        return redirect("desk-proofing", person_id=visit.person.pk)
    manual, form = _manual_of(visit), FORMS[act](request.POST)
    if form.is_valid():
        try:
            PERFORM[act](request, visit, manual, form)
            return redirect("desk-proofing", person_id=visit.person.pk)
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
    return _page(request, visit, _manual_of(visit), **{act: form})


@require_GET
@desk_act(Act.SEE_PROOFING)
def evidence(request: HttpRequest, visit: Visit, evidence_id: UUID) -> HttpResponse:
    """One document, to be saved; that it was opened is on the ledger."""
    held = {each.pk: each for each in proofing.evidence_of(_manual_of(visit))}
    if evidence_id not in held:
        raise Http404(NO_SUCH_CASE)
    found = held[evidence_id]
    response = attachment(found.upload)
    actions.note_evidence_seen(work=work_of(visit), evidence=found, by=by(request), now=visit.now)
    return response


def _manual_of(visit: Visit) -> Manual:
    """The newest case of the person: the open one, or what became of the last. Before it is handed in, it is theirs."""
    manual = proofing.latest_manual_of(visit.person)
    if manual is None or manual.handed_in_at is None:
        raise Http404(NO_SUCH_CASE)
    return manual


def _page(request: HttpRequest, visit: Visit, manual: Manual, **forms: Form) -> HttpResponse:
    desk = proofing.desk_facts(manual, visit.desk)
    page = queries.person_at_desk(
        visit.person,
        visit.scope,
        member=visit.member,
        session=request.signed_in.session,
        now=visit.now,
    )
    state = State(manual.state)
    context: dict[str, Any] = {
        "manual": manual,
        "page": page,
        "person": page.found,
        "ground": GROUNDS.get(manual.ground, manual.ground),
        "state": STATE_WORDS[state],
        "desk": desk,
        "documents": _documents(manual) if state in AT_THE_DESK else [],
        "judgements": [_told(each) for each in proofing.judgements_of(manual)],
        "forms": {name: forms.get(name) or FORMS[name]() for name in FORMS},
        "refused": list(forms.values()),
        "may_propose": state is State.WAITING,
        "may_settle": proofing.may_settle(manual, visit.desk),
        "waits_for_another": state in AT_THE_DESK and desk.proposer == visit.desk.pk,
        "width": "wide",
    }
    response = render(request, "helpdesk/proofing_case.html", context, status=422 if forms else 200)
    shown = next((line.until for line in page.values if line.until), None)
    hides_itself(request, response, shown, now=visit.now)
    return response


def _documents(manual: Manual) -> list[dict[str, Any]]:
    url = "desk-proofing-evidence"
    return [
        {
            "words": DOCUMENT_WORDS[Document(each.document)],
            "at": each.at,
            "state": each.upload.state,
            "kilobytes": max(1, each.upload.bytes // 1024),
            "url": reverse(url, kwargs={"person_id": manual.account_id, "evidence_id": each.pk}),
        }
        for each in proofing.evidence_of(manual)
    ]


def _told(judgement: Judgement) -> dict[str, Any]:
    return {
        "who": full_name(judgement.decider),
        "at": judgement.at,
        "kind": JUDGED[Judgement.Kind(judgement.kind)],
        "verdict": VERDICTS[Verdict(judgement.verdict)] if judgement.verdict else "",
        "checked": [CHECK_WORDS[Check(each)] for each in judgement.checked],
        "why": judgement.why,
    }


def _propose(request: HttpRequest, visit: Visit, manual: Manual, form: Any) -> None:
    actions.propose_on_documents(
        work=work_of(visit),
        manual_id=manual.pk,
        verdict=Verdict(form.cleaned_data["verdict"]),
        checked=form.checked,
        why=form.cleaned_data["why"],
        by=by(request),
        now=visit.now,
    )


def _settle(request: HttpRequest, visit: Visit, manual: Manual, form: Any) -> None:
    actions.settle_on_documents(
        work=work_of(visit),
        manual_id=manual.pk,
        confirms=form.cleaned_data["settling"] == "confirm",
        why=form.cleaned_data["why"],
        by=by(request),
        now=visit.now,
    )


def _more(request: HttpRequest, visit: Visit, manual: Manual, form: Any) -> None:
    actions.ask_for_documents(
        work=work_of(visit),
        manual_id=manual.pk,
        missing=form.cleaned_data["missing"],
        by=by(request),
        now=visit.now,
    )


PERFORM: dict[str, Callable[[HttpRequest, Visit, Manual, Any], None]] = {
    "propose": _propose,
    "settle": _settle,
    "more": _more,
}
