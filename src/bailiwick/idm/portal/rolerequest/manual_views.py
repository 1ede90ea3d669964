"""Proofing by hand, the person's pages: what counts, adding and removing documents, handing them in. (V-5)"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from bailiwick.ground.pages.fields import once_of
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by
from bailiwick.ground.rulings import Refused
from bailiwick.ground.uploads import checks
from bailiwick.idm.portal.actions import hand_in_documents
from bailiwick.idm.portal.rolerequest.journey import Journey, step_page
from bailiwick.idm.portal.rolerequest.manual_forms import DocumentForm, HandInForm
from bailiwick.idm.proofing import actions
from bailiwick.idm.proofing.queries import Standing, evidence_of, standing
from bailiwick.idm.proofing.words import DOCUMENT_WORDS
from bailiwick.idm.rules.asking import StepName
from bailiwick.idm.rules.manual import ADDRESS_PROOFS, PICTURE_IDS, Document, State


@require_http_methods(["GET", "POST"])
@step_page(StepName.IDENTITY)
def by_hand(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    """Add a document; the first one opens the case. Once handed in: where it stands."""
    place = standing(journey.account, now=now)
    if not place.may_go_by_hand:
        return redirect("role-request-identity")
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _add(request, journey, form, now)
            return redirect("role-request-by-hand")
        except Refused as refused:
            sentence = sentence_for(refused.code, **refused.facts)
            form.add_error("file" if str(refused.code).startswith("upload_") else None, sentence)
    return _page(request, journey, place, form=form)


@require_POST
@step_page(StepName.IDENTITY)
def hand_in(request: HttpRequest, journey: Journey, now: datetime) -> HttpResponse:
    place = standing(journey.account, now=now)
    if place.manual is None:
        return redirect("role-request-identity")
    form = HandInForm(request.POST)
    if form.is_valid():
        try:
            hand_in_documents(account=journey.account, by=by(request), now=now)
            return redirect("role-request-by-hand")
        except Refused as refused:
            form.add_error(None, sentence_for(refused.code, **refused.facts))
    return _page(request, journey, place, hand_in_form=form)


@require_POST
@step_page(StepName.IDENTITY)
def remove(request: HttpRequest, journey: Journey, now: datetime, evidence_id: UUID) -> HttpResponse:
    """Somebody else's document is none of this case's."""
    try:
        actions.remove_evidence(account=journey.account, evidence_id=evidence_id, by=by(request), now=now)
    except Refused as refused:
        place = standing(journey.account, now=now)
        if place.manual is None:
            return redirect("role-request-identity")
        return _page(request, journey, place, refusal=sentence_for(refused.code, **refused.facts))
    return redirect("role-request-by-hand")


def _add(request: HttpRequest, journey: Journey, form: DocumentForm, now: datetime) -> None:
    """The file is looked into before anything is written, outside any transaction."""
    content = checks.content(form.cleaned_data["file"], most_bytes=settings.LIMITS.upload_most_bytes)
    actions.open_manual(account=journey.account, by=by(request), now=now)
    actions.add_evidence(
        account=journey.account,
        document=Document(form.cleaned_data["document"]),
        content=content,
        once=once_of(request.POST),
        by=by(request),
        now=now,
    )


def _page(
    request: HttpRequest,
    journey: Journey,
    place: Standing,
    *,
    form: DocumentForm | None = None,
    hand_in_form: HandInForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    manual = place.manual
    held = evidence_of(manual) if manual else []
    context: dict[str, Any] = {
        "standing": place,
        "manual": manual,
        "is_collecting": manual is None or manual.state == State.COLLECTING,
        "documents": [(DOCUMENT_WORDS[Document(each.document)], each) for each in held],
        "picture_ids": [words for kind, words in DOCUMENT_WORDS.items() if kind in PICTURE_IDS],
        "address_proofs": [words for kind, words in DOCUMENT_WORDS.items() if kind in ADDRESS_PROOFS],
        "form": form or DocumentForm(),
        "hand_in_form": hand_in_form or HandInForm(),
        "refusal": refusal,
    }
    page = journey.page(StepName.IDENTITY, **context)
    return render(request, "portal/rolerequest/identity_by_hand.html", page)
