"""The language of pages and papers: what somebody chose by the switch, else what their account says, else their browser.

Notices come in every language of `LANGUAGES`; pages only in those that all their texts are in (`PAGE_LANGUAGES`), so that
nobody reads half a page in another one. What is stored, compared or told to another program is never in the page's
language: codes are, and words are found for them when they are shown.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import get_language_from_request, gettext


def asked_language(request: HttpRequest) -> str:
    """What the browser asks for, of the languages of notices: the guess for somebody who has not chosen yet."""
    return get_language_from_request(request).split("-")[0]


def page_language(code: str) -> str:
    """The language to write a page or paper in for somebody of that language."""
    short = code.split("-", maxsplit=1)[0]
    return short if short in settings.PAGE_LANGUAGES else settings.PAGE_LANGUAGES[0]


def chosen_language(request: HttpRequest) -> str:
    """What somebody chose in this browser by the switch; "" for nothing."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in settings.PAGE_LANGUAGES else ""


def read_in(request: HttpRequest, code: str) -> None:
    """From here on the request's pages are in the language of `code`, unless another was chosen in this browser."""
    if code and not chosen_language(request):
        translation.activate(page_language(code))
        request.LANGUAGE_CODE = translation.get_language()


def hinted_language(request: HttpRequest, hint: str) -> str:
    """The first that pages are in of a hint's languages, as `ui_locales` names them; "" where this browser has a choice."""
    if chosen_language(request):
        return ""
    short = [code.split("-", maxsplit=1)[0].lower() for code in hint.split()]
    return next((code for code in short if code in settings.PAGE_LANGUAGES), "")


def keep_language(response: HttpResponse, code: str) -> None:
    """As if it had been chosen by the switch, until the browser closes."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def translated(text: str) -> str:
    """A text of a file of data (an application, a kind of form) as the catalog has it; "" stays ""."""
    return gettext(text)
