"""Signing with a digital certificate: the document to take away, and the page where it comes back signed (F-8)."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.downloads import download
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.forms import actions
from bailiwick.spot.forms.models import Invitation
from bailiwick.spot.forms.queries import answers_of, invitation_with, version_of
from bailiwick.spot.papers import checks
from bailiwick.spot.papers.queries import form_to_sign
from bailiwick.spot.rules.signing import Refusal
from bailiwick.spot.signpages.forms import DocumentForm
from bailiwick.spot.signpages.queries import on_file_for, why_closed
from bailiwick.spot.signpages.views import GONE, closed, note_wait

DOCUMENT = "spot_signpages/document.html"


@require_safe
def to_sign(request: HttpRequest, token: str) -> HttpResponse:
    """The form as it is now, to be signed with a certificate; behind a link alone, so of the TIN the last four."""
    found = _open(request, token, clock.now())
    if isinstance(found, HttpResponse):
        return found
    document = form_to_sign(found.case, found.revision)
    return download(document, name=f"{found.case.tracking}-to-sign.pdf", content_type="application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def document(request: HttpRequest, token: str) -> HttpResponse:
    """The page that takes the signed document."""
    now = clock.now()
    found = _open(request, token, now)
    if isinstance(found, HttpResponse):
        return found
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    if not form.is_bound or not form.is_valid():
        return _page(request, found, form)
    try:
        _sign(request, found, token, form, now)
    except Refused as refused:
        note_wait(refused, found, by=by(request), now=now)
        if refused.code in GONE:
            return closed(request, Refusal(refused.code))
        if refused.code is not Refusal.LINK_USED:
            form.add_error("document", sentence_for(refused.code, **refused.facts))
            return _page(request, found, form)
    return redirect("sign", token=token)


def _open(request: HttpRequest, token: str, now: datetime) -> Invitation | HttpResponse:
    """The invitation that still leads to a form to sign, or the answer to somebody for whom it does not."""
    invitation = invitation_with(token)
    why = why_closed(invitation, now) if invitation else Refusal.LINK_UNKNOWN
    if invitation is not None and why is None and checks.is_offered():
        return invitation
    return closed(request, why) if why in GONE else redirect("sign", token=token)


def _sign(
    request: HttpRequest, invitation: Invitation, token: str, form: DocumentForm, now: datetime
) -> None:
    case, revision = invitation.case, invitation.revision
    # Looked into and asked about here, outside any transaction.
    content, certificate = checks.signed_document(
        form.cleaned_data["document"], case=case, revision=revision, now=now
    )
    actions.sign_with_certificate(
        invitation_token=token,
        seen_digest=version_of(case, revision).digest,
        content=content,
        certificate=certificate,
        on_file=on_file_for(answers_of(case, revision)),
        by=by(request),
        now=now,
    )


def _page(request: HttpRequest, invitation: Invitation, form: DocumentForm) -> HttpResponse:
    context = {
        "invitation": invitation,
        "form": form,
        "token": request.resolver_match.kwargs["token"],
    }
    return render(request, DOCUMENT, context, status=422 if form.errors else 200)
