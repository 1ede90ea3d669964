"""Asking for a correction of the legal name, birth date or SSN, and how it stands (A-7)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.ground.uploads import checks
from bailiwick.ground.uploads.rules import Refusal as UploadRefusal
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.portal.corrections.forms import FORMS, AskForm, KindForm
from bailiwick.idm.portal.profile.doors import sensitive
from bailiwick.idm.portal.profile.menu import page
from bailiwick.idm.registry import actions, queries
from bailiwick.idm.registry.models import Correction
from bailiwick.idm.rules.corrections import WAITING, Kind, Refusal, State
from bailiwick.idm.sessions.doors import signed_in

NO_SUCH_REQUEST = _("There is no such request.")
COLUMNS = (_("What"), _("Asked"), _("How it stands"), _("What you can do"))
KIND_WORDS = {
    Kind.NAME: _("Legal name"),
    Kind.BIRTH_DATE: _("Birth date"),
    Kind.SSN: _("Social Security number"),
}
STATE_WORDS = {
    State.PENDING: (_("Waits for the help desk"), "warn"),
    State.AGREED: (_("Waits for the help desk"), "warn"),
    State.APPROVED: (_("Approved"), "good"),
    State.DENIED: (_("Not approved"), "bad"),
    State.CANCELED: (_("Canceled by you"), "plain"),
}
FIELD_OF = {Refusal.DOCUMENT_MISSING: "document", Refusal.REASON_MISSING: "reason"}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def corrections(request: HttpRequest) -> HttpResponse:
    """What was asked for and how it stands; what to correct next."""
    form = KindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return redirect("profile_corrections_ask", kind=form.cleaned_data["kind"])
    lines = [
        (each, KIND_WORDS[Kind(each.kind)], STATE_WORDS[State(each.state)], State(each.state) in WAITING)
        for each in queries.corrections_of(request.signed_in.account)
    ]
    said = {"asked": "asked" in request.GET, "canceled": "canceled" in request.GET}
    context = page(request, form=form, lines=lines, columns=COLUMNS, **said)
    return render(request, "corrections/corrections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def ask(request: HttpRequest, kind: str) -> HttpResponse:
    """The new value, why, and the document that shows it."""
    if kind not in set(Kind):
        raise Http404(NO_SUCH_REQUEST)
    form = FORMS[Kind(kind)](request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _ask(request, Kind(kind), form):
        response = redirect("profile_corrections")
        response["Location"] += "?asked"
        return response
    words = KIND_WORDS[Kind(kind)]
    return render(request, "corrections/ask.html", page(request, form=form, words=words, kind=kind))


def _ask(request: HttpRequest, kind: Kind, form: AskForm) -> bool:
    account: Account = request.signed_in.account
    facts = personal_facts(account)
    values: dict[str, Any] = form.put_into(facts)
    try:
        content = checks.content(
            form.cleaned_data["document"], most_bytes=settings.LIMITS.correction_document_bytes
        )
        actions.ask_for_correction(
            account=account,
            kind=kind,
            facts=replace(facts, **values),
            reason=form.cleaned_data["reason"],
            document=content,
            once=form.cleaned_data["once"],
            by=by(request),
            now=clock.now(),
        )
    except Refused as refused:
        is_files = isinstance(refused.code, UploadRefusal)
        field = "document" if is_files else FIELD_OF.get(refused.code)
        form.add_error(field, sentence_for(refused.code, **refused.facts))
        return False
    return True


@require_POST
@sensitive
def cancel(request: HttpRequest, correction_id: UUID) -> HttpResponse:
    """Take a waiting request back; for somebody else's there is no page."""
    found: Correction | None = queries.correction_with_id(correction_id)
    account = request.signed_in.account
    if found is None or found.account_id != account.pk:
        raise Http404(NO_SUCH_REQUEST)
    if request.method == "POST":
        actions.cancel_correction(correction=found, account=account, by=by(request), now=clock.now())
    response = redirect("profile_corrections")
    response["Location"] += "?canceled"
    return response
