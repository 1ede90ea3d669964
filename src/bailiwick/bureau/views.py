"""The machine's door `/v1/verifications`, and the phone agent's pages under `/agent/`. (V-6)"""

import json
import time
from datetime import datetime

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bailiwick.bureau import actions, queries
from bailiwick.bureau.decisions import MARKABLE, Answer, Part
from bailiwick.bureau.decisions import Review as ReviewState
from bailiwick.bureau.forms import FindReview
from bailiwick.bureau.models import Review
from bailiwick.bureau.questions import BadQuestion, question_of
from bailiwick.bureau.signatures import Signed, is_genuine
from bailiwick.ground.program import clock

logger = structlog.get_logger(__name__)

LARGEST_BODY = 16_384
GARBAGE = b'{"outcome": "verified", "request_id": \xff\xfe<html>'
# What the two buttons send.
MARKS = {"yes": True, "no": False}
STATES = {
    ReviewState.WAITING: _("Waiting for the call"),
    ReviewState.CLEARED: _("Cleared"),
    ReviewState.NOT_CLEARED: _("Not cleared"),
    ReviewState.USED: _("Closed"),
}


@require_safe
def start(_request: HttpRequest) -> HttpResponse:
    return redirect("agent")


class NotAnsweredError(Exception):
    """What the asker has to mend, or that the bureau is away; the sentence repeats no value."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@csrf_exempt
@require_POST
def verifications(request: HttpRequest) -> HttpResponse:
    """Answer a signed question. No value of a person goes to the log."""
    try:
        told = _answer(request)
    except NotAnsweredError as problem:
        logger.info("not answered", status=problem.status)
        return JsonResponse({"error": str(problem)}, status=problem.status)
    logger.info("answered", verification=told.answer["request_id"], outcome=told.answer["outcome"])
    return _play(told)


@require_http_methods(["GET", "HEAD", "POST"])
def find_review(request: HttpRequest) -> HttpResponse:
    """The agent types the number that the caller reads out."""
    form = FindReview(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = queries.review_with(form.cleaned_data["reference"])
        if found:
            return redirect("review", reference=found.reference)
        form.add_error(
            "reference", _("There is no such review reference number. Ask the caller to read it out again.")
        )
    return render(request, "bureau/find_review.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """The agent marks what the call came to."""
    now = clock.now()
    found = get_object_or_404(Review, reference=reference)
    if request.method == "POST":
        if request.POST.get("cleared") in MARKS:
            actions.mark(reference=reference, is_cleared=MARKS[request.POST["cleared"]], now=now)
        return redirect("review", reference=reference)
    is_open = found.state in MARKABLE and now < found.expires_at
    context = {"review": found, "state": STATES[ReviewState(found.state)], "is_open": is_open}
    return render(request, "bureau/review.html", context)


def _answer(request: HttpRequest) -> actions.Told:
    now = clock.now()
    try:
        _check_door(request, now)
        return actions.answer(question=question_of(request.body), body=request.body, now=now)
    except BadQuestion as problem:
        raise NotAnsweredError(422, str(problem)) from None
    except actions.OtherQuestion:
        raise NotAnsweredError(409, "This request_id belongs to another question.") from None
    except actions.Away:
        raise NotAnsweredError(503, "The bureau is away.") from None


def _check_door(request: HttpRequest, now: datetime) -> None:
    """Before a word of the question is read: its size, its kind, its signature."""
    if len(request.body) > LARGEST_BODY:
        raise NotAnsweredError(413, "A question has at most 16 KiB.")
    if request.content_type != "application/json":
        raise NotAnsweredError(415, "A question is application/json.")
    if not is_genuine(_signed(request), secrets=settings.CLIENT_KEYS, now=now):
        raise NotAnsweredError(401, "The signature does not hold.")


def _signed(request: HttpRequest) -> Signed:
    return Signed(
        method=request.method or "",
        # With the query: it is not part of the protocol, so a question that carries one is not genuine.
        path=request.get_full_path(),
        body=request.body,
        key_id=request.headers.get("Bureau-Key", ""),
        timestamp=request.headers.get("Bureau-Timestamp", ""),
        signature=request.headers.get("Bureau-Signature", ""),
    )


def _play(told: actions.Told) -> HttpResponse:
    if told.role.part is Part.MALFORMED:
        return HttpResponse(GARBAGE, content_type="application/json")
    if told.role.part is Part.TWICE:
        answers = (told.answer, told.answer | {"outcome": Answer.NOT_VERIFIED})
        return HttpResponse("\n".join(map(json.dumps, answers)), content_type="application/json")
    if told.role.part is Part.SLOW:
        time.sleep(told.role.seconds)
    return JsonResponse(told.answer)
