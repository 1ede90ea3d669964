"""The language of pages; and an answer in words for what a view did not answer itself: a refusal, or a busy database."""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation

from bailiwick.ground.pages.languages import page_language
from bailiwick.ground.pages.views import PASSING, busy
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import Refused

logger = structlog.get_logger(__name__)


class PageLanguage(LocaleMiddleware):
    """The language chosen by the switch, else what the browser asks for, where pages are written in it."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        translation.activate(page_language(translation.get_language() or ""))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The page is written: what the thread does next is nobody's, in no chosen language."""
        response = super().process_response(request, response)
        if not response.streaming:
            translation.deactivate()
        return response


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
