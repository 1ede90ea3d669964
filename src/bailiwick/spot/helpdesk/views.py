"""SPOT Help Desk: the inbox, and one case beside the payer file with what can be decided about it (B-1)."""

from collections.abc import Callable
from datetime import datetime
from functools import partial, wraps
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.downloads import download
from bailiwick.ground.pages.spreadsheets import CSV_TYPE
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.forms.checks import check_rows
from bailiwick.spot.forms.models import Case
from bailiwick.spot.helpdesk.desk import NO_SUCH, View, case_page, desk_page
from bailiwick.spot.helpdesk.forms import (
    WHOLE,
    ApproveForm,
    CallbackForm,
    ConfirmForm,
    DenyForm,
    ReturnForm,
    SeenForm,
    SettleForm,
    TakeForm,
)
from bailiwick.spot.helpdesk.inbox import inbox_of
from bailiwick.spot.helpdesk.page import ask_payer, asked_fields, blocks_to_remark_on, page_of
from bailiwick.spot.papers.queries import list_csv, signed_form_pdf
from bailiwick.spot.payers.port import Outcome
from bailiwick.spot.rules.deciding import Desk, Refusal

CASE, RETURN = "spot_helpdesk/case.html", "spot_helpdesk/return.html"


@require_safe
@desk_page
def inbox(request: HttpRequest, desk: Desk, now: datetime) -> HttpResponse:
    context = inbox_of(request.GET, desk=desk, page=request.GET.get("page", ""), now=now)
    return render(request, "spot_helpdesk/inbox.html", {"person": request.signed_in, "desk": desk, **context})


@require_safe
@case_page
def show(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:
    actions.note_look(case=case, by=by(request), now=now)
    return _case(request, desk, now, case, ask_payer(case))


@require_safe
@case_page
def signed_form(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:  # noqa: ARG001
    """The form as it was signed, TIN and all: a look that is on the ledger like the page's (F-10, L-2)."""
    signature = queries.live_signature(case)
    if signature is None:
        raise Http404(NO_SUCH)
    actions.note_look(case=case, by=by(request), now=now)
    document = signed_form_pdf(signature, shows_tin=True)
    return download(document, name=f"{case.tracking}.pdf", content_type="application/pdf")


@require_safe
@case_page
def listed(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:  # noqa: ARG001
    """The whole list of the form: a look that is on the ledger like the page's (F-4, L-2)."""
    document = list_csv(case, case.revision)
    if document is None:
        raise Http404(NO_SUCH)
    actions.note_look(case=case, by=by(request), now=now)
    return download(document, name=f"{case.tracking}.csv", content_type=CSV_TYPE)


def act_page(view: View) -> View:
    """An act on one case: sent by a button of its page, and to be found nowhere else."""

    @require_http_methods(["GET", "POST"])
    @case_page
    @wraps(view)
    def acting(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:
        if request.method != "POST":
            return redirect("spot_helpdesk:case", tracking=case.tracking)
        return view(request, desk, now, case)

    return acting


@act_page
def take(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:
    """Take it, or take it over from the colleague whom the page named."""
    form = TakeForm(request.POST)
    if not form.is_valid():
        return redirect("spot_helpdesk:case", tracking=case.tracking)
    act = partial(
        actions.take,
        case=case,
        desk=desk,
        instead_of=form.cleaned_data["instead_of"],
        by=by(request),
        now=now,
    )
    return _acted(request, desk, now, case, act)


@act_page
def callback(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:
    """Note the call back to the official (F-8)."""
    on_file = ask_payer(case)
    form = CallbackForm(request.POST, auto_id="callback_%s")
    act = partial(actions.note_callback, on_file=on_file)
    return _sent(request, desk, now, case, act, on_file=on_file, calling=form)


@act_page
def confirm(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:
    """Confirm a document that was signed with a certificate (F-8)."""
    form = ConfirmForm(request.POST, auto_id="confirm_%s")
    return _sent(request, desk, now, case, actions.confirm_document, confirming=form)


@act_page
def settle(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:
    """Write down what was found out about the objections to the signature (F-8)."""
    form = SettleForm(request.POST, auto_id="settle_%s")
    return _sent(request, desk, now, case, actions.settle_objections, settling=form)


@act_page
def approve(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:
    """Approve: the submitter ID is issued, the letters go out, IDM is told (F-11)."""
    on_file = ask_payer(case)
    has_cautions = bool(queries.approval_facts(case, on_file=on_file, now=now).cautions)
    form = ApproveForm(request.POST, auto_id="approve_%s", has_cautions=has_cautions)
    act = partial(actions.approve, on_file=on_file, rows_on_file=check_rows(case))
    return _sent(request, desk, now, case, act, on_file=on_file, approving=form)


@act_page
def deny(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:
    form = DenyForm(request.POST, auto_id="deny_%s")
    return _sent(request, desk, now, case, actions.deny, denying=form)


@require_http_methods(["GET", "POST"])
@case_page
def give_back(request: HttpRequest, desk: Desk, now: datetime, case: Case) -> HttpResponse:
    """Return for correction: every field with its answer and room for a remark (B-1)."""
    fields = [field for field, _answer in asked_fields(case)]
    if request.method != "POST":
        return _return(request, case, ReturnForm(initial={"revision": case.revision}, fields=fields))
    form = ReturnForm(request.POST, fields=fields)
    if not form.is_valid():
        return _return(request, case, form, status=422)
    try:
        actions.return_case(case=case, desk=desk, by=by(request), now=now, **form.said)
    except Refused as refused:
        fresh = queries.case_with(case.pk) or case
        again = ReturnForm(initial={**form.cleaned_data, "revision": fresh.revision}, fields=fields)
        return _return(request, fresh, again, status=409, **_said(refused, case))
    return redirect("spot_helpdesk:case", tracking=case.tracking)


def _sent(
    request: HttpRequest,
    desk: Desk,
    now: datetime,
    case: Case,
    act: Callable[..., object],
    *,
    on_file: Outcome | None = None,
    **sent: SeenForm,
) -> HttpResponse:
    """Do what one form of the page asks for, with what it says; with mistakes in it, the page as it was sent."""
    ((name, form),) = sent.items()
    if not form.is_valid():
        return _case(request, desk, now, case, on_file or ask_payer(case), status=422, **sent)
    acting = partial(act, case=case, desk=desk, by=by(request), now=now, **form.said)
    return _acted(request, desk, now, case, acting, on_file=on_file, **{name: form.cleaned_data})


def _acted(
    request: HttpRequest,
    desk: Desk,
    now: datetime,
    case: Case,
    act: Callable[[], object],
    *,
    on_file: Outcome | None = None,
    **typed: dict[str, Any],
) -> HttpResponse:
    """Do it and show the case again; refused, say why on the page as it is now, with what was typed still there."""
    try:
        act()
    except Refused as refused:
        fresh = queries.case_with(case.pk) or case
        shown = on_file or ask_payer(fresh)
        return _case(request, desk, now, fresh, shown, status=409, typed=typed, **_said(refused, case))
    return redirect("spot_helpdesk:case", tracking=case.tracking)


def _said(refused: Refused, case: Case) -> dict[str, str]:
    """Why it was refused; `verify_url` where a second step lifts it, in another window so that what was typed stays (S-6)."""
    said = {"refusal": sentence_for(refused.code, **refused.facts)}
    if refused.code is Refusal.VERIFIED_TOO_LONG_AGO:
        query = urlencode({"again": "1", "next": reverse("spot_helpdesk:case", args=[case.tracking])})
        said["verify_url"] = f"{reverse('spot_signin:start')}?{query}"
    return said


def _case(
    request: HttpRequest,
    desk: Desk,
    now: datetime,
    case: Case,
    on_file: Outcome,
    *,
    status: int = 200,
    verify_url: str = "",
    **page: Any,
) -> HttpResponse:
    since = request.GET.get("since", "")
    earlier = int(since) if WHOLE.fullmatch(since) else 0
    revision = earlier if 0 < earlier < case.revision else None
    rows_on_file = check_rows(case)
    context = page_of(
        case, desk=desk, on_file=on_file, rows_on_file=rows_on_file, since=revision, now=now, **page
    )
    context |= {"person": request.signed_in, "verify_url": verify_url}
    return render(request, CASE, context, status=status)


def _return(
    request: HttpRequest, case: Case, form: ReturnForm, *, status: int = 200, **said: str
) -> HttpResponse:
    context = {"person": request.signed_in, "case": case, "form": form, **said}
    context["blocks"] = blocks_to_remark_on(case, form)
    return render(request, RETURN, {**context, "width": "wide"}, status=status)
