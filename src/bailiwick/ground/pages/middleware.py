"""An answer in words for what a view did not answer itself: a refusal, or a database that is away for a moment."""

from collections.abc import Callable

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import Busy, Refused

logger = structlog.get_logger(__name__)

RETRY_AFTER_SECONDS = 5


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
        if isinstance(exception, OperationalError | Busy):
            logger.error("the program is busy, or the database did not answer", exc_info=exception)
            response = render(request, "pages/busy.html", status=503)
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
            return response
        return None
