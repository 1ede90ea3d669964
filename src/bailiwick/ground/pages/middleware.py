"""An answer in words for what a view did not answer itself: a refusal, or a database that is away for a moment."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bailiwick.ground.pages.views import PASSING, busy
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import Refused

logger = structlog.get_logger(__name__)


class RefusedToPage:
    """Turn an uncaught refusal into a page that says why; the status is 403, the code is in a header for scripts."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            sentence = sentence_for(exception.code, **exception.facts)
            response = render(request, "pages/refused.html", {"sentence": sentence}, status=403)
            response["X-Refusal"] = exception.code.value
            return response
        if isinstance(exception, PASSING):
            logger.error("the program is busy, or the database did not answer", exc_info=exception)
            return busy(request)
        return None
