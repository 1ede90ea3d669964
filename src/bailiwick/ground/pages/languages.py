"""The language somebody asks for, and the one that pages and papers are written in.

Notices come in every language of `LANGUAGES`; pages only in those that all their texts are in (`PAGE_LANGUAGES`), so that
nobody reads half a page in another one.
"""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_from_request


def asked_language(request: HttpRequest) -> str:
    """What the browser asks for, of the languages of notices: the guess for somebody who has not chosen yet."""
    return get_language_from_request(request).split("-")[0]


def page_language(code: str) -> str:
    """The language to write a page or paper in for somebody of that language."""
    short = code.split("-", maxsplit=1)[0]
    return short if short in settings.PAGE_LANGUAGES else settings.PAGE_LANGUAGES[0]
