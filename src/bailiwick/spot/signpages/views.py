"""The page where an official signs (F-8). Opening a link does nothing: mail programs open links before people do."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.downloads import download
from bailiwick.ground.pages.languages import page_language
from bailiwick.ground.pages.spreadsheets import CSV_TYPE
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import By, Refused
from bailiwick.spot.forms import actions
from bailiwick.spot.forms.era_words import takes
from bailiwick.spot.forms.models import Invitation, Signature
from bailiwick.spot.forms.queries import document_of, invitation_with
from bailiwick.spot.papers.checks import is_offered
from bailiwick.spot.papers.queries import Paper, binding_paper, list_csv, paper_of, signed_form_pdf
from bailiwick.spot.payers.queries import is_away
from bailiwick.spot.rules.filechecks import Waiter
from bailiwick.spot.rules.signing import Refusal
from bailiwick.spot.signpages.forms import SignForm
from bailiwick.spot.signpages.queries import code_waits, on_file_for, why_closed
from bailiwick.spot.signpages.signers import has_signed, note_signed

SIGN = "spot_signpages/sign.html"
SIGNED = "spot_signpages/signed.html"
CLOSED = "spot_signpages/closed.html"
GONE = {Refusal.LINK_UNKNOWN: 404, Refusal.LINK_VOID: 410, Refusal.LINK_EXPIRED: 410}
# Where on the page a refusal is said; anything else concerns the whole.
PLACES = {
    Refusal.NAME_DIFFERS: "full_name",
    Refusal.TITLE_NOT_ATTESTED: "title",
    Refusal.STANDING_DIFFERS: "standing",
    Refusal.CODE_WRONG: "code",
}


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, token: str) -> HttpResponse:
    """The form, then a code, then the signature; afterwards the same address says that it is signed."""
    now = clock.now()
    invitation = invitation_with(token)
    if invitation is None:
        return closed(request, Refusal.LINK_UNKNOWN)
    why = why_closed(invitation, now)
    if why is None:
        return (
            _act(request, invitation, token, now)
            if request.method == "POST"
            else _page(request, invitation, now)
        )
    return _signed(request, invitation) if why is Refusal.LINK_USED else closed(request, why)


@require_safe
def signed_form(request: HttpRequest, token: str) -> HttpResponse:
    """What was signed behind this link; the TIN whole for the official who has just signed it here (F-10)."""
    invitation = invitation_with(token)
    signature = Signature.objects.filter(invitation=invitation).first() if invitation else None
    if signature is None:
        return closed(request, Refusal.LINK_UNKNOWN)
    document = signed_form_pdf(signature, shows_tin=has_signed(request, signature, now=clock.now()))
    return download(document, name=f"{signature.case.tracking}.pdf", content_type="application/pdf")


@require_safe
def listed(request: HttpRequest, token: str) -> HttpResponse:
    """The whole list of the form behind this link, for the official who signs it (F-4)."""
    invitation = invitation_with(token)
    why = why_closed(invitation, clock.now()) if invitation else Refusal.LINK_UNKNOWN
    if invitation is None or why not in (None, Refusal.LINK_USED):
        return closed(request, why or Refusal.LINK_UNKNOWN)
    document = list_csv(invitation.case, invitation.revision)
    if document is None:
        raise Http404(_("There is no list."))
    return download(document, name=f"{invitation.case.tracking}.csv", content_type=CSV_TYPE)


def _act(request: HttpRequest, invitation: Invitation, token: str, now: datetime) -> HttpResponse:
    act = _send if "send" in request.POST else _sign
    try:
        return act(request, invitation, token, now)
    except Refused as refused:
        note_wait(refused, invitation, by=by(request), now=now)
        if refused.code is Refusal.LINK_USED:
            return redirect("sign", token=token)
        if refused.code in GONE:
            return closed(request, Refusal(refused.code))
        return _page(request, invitation, now, refused=refused)


def note_wait(refused: Refused, invitation: Invitation, *, by: By, now: datetime) -> None:
    """Whoever could not sign because the payer is away is mailed when it answers (F-6)."""
    if refused.code is Refusal.PAYER_UNAVAILABLE:
        actions.wait_for_payer(case=invitation.case, who=Waiter.OFFICIAL, to=invitation.to, by=by, now=now)


def _send(request: HttpRequest, _invitation: Invitation, token: str, now: datetime) -> HttpResponse:
    if is_away():
        # A code would run out before the payer answers.
        raise Refused(Refusal.PAYER_UNAVAILABLE)
    actions.send_signing_code(invitation_token=token, by=by(request), now=now)
    # To where the code is typed: the form above was read already.
    return redirect(reverse("sign", kwargs={"token": token}) + "#sign")


def _sign(request: HttpRequest, invitation: Invitation, token: str, now: datetime) -> HttpResponse:
    paper = paper_of(invitation.case, invitation.revision)
    form = _form(paper, request)
    if not form.is_valid():
        return _page(request, invitation, now, paper=paper, form=form)
    if not code_waits(invitation, now):
        raise Refused(Refusal.CODE_WRONG)
    typed = form.cleaned_data
    # Asked here, outside any transaction: the payer may be as slow as a network.
    on_file = on_file_for(paper.answers)
    signature = actions.sign(
        invitation_token=token,
        seen_digest=typed["digest"],
        typed_name=typed["full_name"],
        title_attested=typed["title"],
        authority_attested=typed["standing"],
        code=typed["code"],
        read_in=page_language(typed["read_in"]),
        on_file=on_file,
        by=by(request),
        now=now,
    )
    response = redirect("sign", token=token)
    note_signed(response, signature, now=now)
    return response


def _form(paper: Paper, request: HttpRequest) -> SignForm:
    names = {"name": paper.answers.get("official_name", ""), "title": paper.answers.get("official_title", "")}
    shown = {"digest": paper.digest, "read_in": page_language(get_language() or "")}
    is_sent = request.method == "POST" and "send" not in request.POST
    return SignForm(request.POST if is_sent else None, initial=shown, **names)


def _page(
    request: HttpRequest,
    invitation: Invitation,
    now: datetime,
    *,
    paper: Paper | None = None,
    form: SignForm | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    paper = paper or paper_of(invitation.case, invitation.revision)
    form = form or _form(paper, request)
    waits = code_waits(invitation, now)
    sentence = sentence_for(refused.code, **refused.facts) if refused else ""
    if refused and waits and form.is_bound:
        form.add_error(PLACES.get(refused.code), sentence)
    context: dict[str, Any] = {
        "invitation": invitation,
        "paper": paper,
        "binding": binding_paper(invitation.case, invitation.revision),
        "takes": takes(invitation.case, paper.answers, day=timezone.localdate(now)),
        "form": form,
        "code_waits": waits,
        "sentence": "" if waits and form.is_bound else sentence,
        "takes_certificates": is_offered(),
        "token": request.resolver_match.kwargs["token"],
        "minutes": int(settings.LIMITS.code_lasts.total_seconds() // 60),
    }
    failed = refused is not None or (form.is_bound and not form.is_valid())
    return render(request, SIGN, context, status=422 if failed else 200)


def _signed(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    token = request.resolver_match.kwargs["token"]
    signature = invitation.signature
    document = document_of(signature)
    context = {"signature": signature, "case": invitation.case, "token": token, "document": document}
    return render(request, SIGNED, context)


def closed(request: HttpRequest, why: Refusal) -> HttpResponse:
    context = {"why": why.value, "sentence": sentence_for(why)}
    return render(request, CLOSED, context, status=GONE[why])
