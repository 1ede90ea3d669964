"""One case, as its contact sees it: where it stands and what to do next; withdraw, send the link again (F-7, F-9)."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bailiwick.ground.pages.downloads import download
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import Refused
from bailiwick.spot.formpages.entry_forms import CodeForm
from bailiwick.spot.formpages.standing import STANDINGS, history_lines
from bailiwick.spot.formpages.visits import Visit, case_page, clear_cookie
from bailiwick.spot.formpages.way import link_to, open_remarks, told, way_of
from bailiwick.spot.forms import actions, queries
from bailiwick.spot.papers.letters import letter_of, letter_pdf, letters_of
from bailiwick.spot.papers.queries import signed_form_pdf
from bailiwick.spot.rules.enrollment import Delivery
from bailiwick.spot.rules.forms import Event, State

FILLING_IN = (State.DRAFT, State.RETURNED)


@require_safe
@case_page
def show(request: HttpRequest, visit: Visit) -> HttpResponse:
    """State, since when, what is missing, who has to act, by when, and what happens if nobody does."""
    return _page(request, visit)


def _page(request: HttpRequest, visit: Visit, *, refusal: str = "") -> HttpResponse:
    status = queries.status(visit.case, visit.now)
    is_filling_in = visit.state in FILLING_IN
    problems = told(visit, visit.problems) if is_filling_in else []
    context: dict[str, Any] = {
        "state": visit.state.value,
        "standing": STANDINGS[visit.state],
        "since": status.since,
        "until": status.until,
        "facts": _facts(visit, status.until),
        "problems": problems,
        "how_many": sum(len(line.unanswered) + len(line.sentences) for line in problems),
        "remarks": _remarks(visit),
        "goes_on": link_to(visit, way_of(visit).first()) if is_filling_in else "",
        "may_change": visit.may(Event.SAVE),
        "may_withdraw": visit.may(Event.WITHDRAW),
        "is_saved": "saved" in request.GET,
        "refusal": refusal,
        "history": history_lines(_moves(visit)),
        "letters": letters_of(visit.case),
        "is_signed": queries.live_signature(visit.case) is not None,
        "mailbox_asked": _new_mailbox(visit) if is_filling_in else "",
        **_invitation(visit),
        **_decision(visit),
    }
    return render(request, "spot_formpages/case.html", visit.page(**context))


def _facts(visit: Visit, until: Any) -> dict[str, Any]:
    """The sentences of the standing with their names and days."""
    standing = STANDINGS[visit.state]
    day = formats.date_format(timezone.localtime(until), "DATE_FORMAT") if until else ""
    names = {"day": day, "official": visit.answers.get("official_name", "")}
    return {
        "who": str(standing.who) % names,
        "otherwise": str(standing.otherwise) % names
        if day or "%(day)s" not in str(standing.otherwise)
        else "",
    }


def _remarks(visit: Visit) -> list[tuple[str, str, str]]:
    """(question, remark, link) of what is still to be corrected."""
    lines = []
    for code, text in open_remarks(visit).items():
        question, block = visit.kind.field(code), visit.kind.block_of(code)
        href = f"{link_to(visit, block)}#id_{code}" if block else ""
        lines.append((question.label if question else _("The form as a whole"), text, href))
    return lines


def _moves(visit: Visit) -> list[tuple[str, str, str, Any]]:
    return [(move.event, move.from_state, move.to_state, move.at) for move in queries.history(visit.case)]


def _invitation(visit: Visit) -> dict[str, Any]:
    if visit.state is not State.AWAITING_SIGNATURE:
        return {}
    invitation = queries.live_invitation(visit.case)
    left = settings.LIMITS.invitation_resends - invitation.resends if invitation else 0
    return {"invitation": invitation, "resends_left": max(left, 0)}


def _decision(visit: Visit) -> dict[str, Any]:
    record = visit.case.record if visit.state is State.APPROVED else None
    return {
        "record": record,
        "is_on_its_way": record is not None and record.delivery is not Delivery.CONFIRMED,
        "reason": visit.case.decision_reason if visit.state is State.DENIED else "",
    }


def _new_mailbox(visit: Visit) -> str:
    """The contact's e-mail address on the form, where it is not the one that is proven."""
    typed = visit.answers.get("contact_email", "")
    return "" if queries.is_mailbox_proven(visit.case, visit.answers) else typed


@require_safe
@case_page
def letter(_request: HttpRequest, visit: Visit, number: int) -> HttpResponse:
    """A letter of the help desk to the contact, as a PDF (F-11)."""
    found = letter_of(visit.case, number)
    if found is None:
        raise Http404(_("There is no such letter."))
    document = letter_pdf(visit.case, subject=found.subject, text=found.text, at=found.at)
    name = f"{visit.case.tracking}-{number}.pdf"
    return download(document, name=name, content_type="application/pdf")


@require_safe
@case_page
def signed_form(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """The form as its official signed it, as a PDF; of the TIN the last four digits (F-10)."""
    signature = queries.live_signature(visit.case)
    if signature is None:
        raise Http404(_("There is no signed form."))
    name = f"{visit.case.tracking}.pdf"
    return download(signed_form_pdf(signature, shows_tin=False), name=name, content_type="application/pdf")


@require_POST
@case_page
def close(_request: HttpRequest, visit: Visit) -> HttpResponse:
    """Leave the form: this browser needs a new code to open it again."""
    actions.close_session(session=visit.session, by=visit.by, now=visit.now)
    response = redirect("spot_formpages:forms")
    clear_cookie(response, visit.case.tracking)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@case_page
def withdraw(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Take the form back, for good; asked once more before it is done."""
    if not visit.may(Event.WITHDRAW):
        return redirect("spot_formpages:case", visit.case.tracking)
    if request.method == "POST":
        try:
            actions.withdraw(case=visit.case, by=visit.by, now=visit.now)
        except Refused as refused:
            return _again(request, visit, refused)
        return redirect("spot_formpages:case", visit.case.tracking)
    return render(request, "spot_formpages/withdraw.html", visit.page(state=visit.state.value))


@require_POST
@case_page
def send_link_again(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new link for the official; the old one stops working (F-8)."""
    try:
        actions.resend_invitation(case=visit.case, by=visit.by, now=visit.now)
    except Refused as refused:
        return _again(request, visit, refused)
    return redirect("spot_formpages:case", visit.case.tracking)


def _again(request: HttpRequest, visit: Visit, refused: Refused) -> HttpResponse:
    """The page of the case as it stands by now, with the sentence of what was not done."""
    return _page(request, visit.fresh(), refusal=sentence_for(refused.code, **refused.facts))


@require_http_methods(["GET", "HEAD", "POST"])
@case_page
def mailbox(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Prove the new mailbox of the contact: from then on the form is opened by it (F-9)."""
    address = _new_mailbox(visit)
    if not address:
        return redirect("spot_formpages:case", visit.case.tracking)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            code = form.cleaned_data["code"]
            actions.prove_contact(
                case=visit.case, code=code, by=visit.by, now=visit.now, session=visit.session
            )
        except Refused as refused:
            form.add_error("code", sentence_for(refused.code, **refused.facts))
        else:
            return redirect("spot_formpages:case", visit.case.tracking)
    return _mailbox_page(request, visit, form)


@require_POST
@case_page
def send_mailbox_code(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Mail a code to the address that is on the form now."""
    if not _new_mailbox(visit):
        return redirect("spot_formpages:case", visit.case.tracking)
    try:
        actions.send_contact_code(case=visit.case, by=visit.by, now=visit.now)
    except Refused as refused:
        return _mailbox_page(request, visit, CodeForm(), refusal=sentence_for(refused.code, **refused.facts))
    return _mailbox_page(request, visit, CodeForm(), is_sent=True)


def _mailbox_page(
    request: HttpRequest, visit: Visit, form: CodeForm, *, is_sent: bool = False, refusal: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "address": _new_mailbox(visit),
        "is_sent": is_sent or form.is_bound,
        "refusal": refusal,
    }
    return render(request, "spot_formpages/mailbox.html", visit.page(**context))
