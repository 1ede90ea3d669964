"""What every page knows: the program's name and accent, whom to call, the languages, and that nobody is signed in yet.

Needs neither database nor session, so that the error pages can use it. A program's own processor runs later and
replaces `signed_in`; `settings.ANNOUNCEMENTS` may name a function that returns the banners of the moment.
"""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

PLAIN_PATH = re.compile(r"[A-Za-z0-9/_.-]+")
NAMES = {"idm": _("IDM"), "spot": _("SPOT"), "bureau": _("Proofing Bureau")}
DESCRIPTIONS = {
    "idm": _("Identity Management"),
    "spot": _("Secure Provider Online Tool"),
    "bureau": _("A fictitious vendor, for development"),
}


def page(request: HttpRequest) -> dict[str, Any]:
    """`program` {code, name, description, accent, help_contact}, `signed_in` None, `announcements` and what the switch needs."""
    return {
        "program": program(),
        "signed_in": None,
        "announcements": _announcements(request),
        "page_languages": page_languages(),
        "plain_path": _plain_path(request),
    }


def _plain_path(request: HttpRequest) -> str:
    """Where the switch of languages leads back to; "" where the address holds somebody's words: the browser says it then."""
    return request.path if PLAIN_PATH.fullmatch(request.path) and not request.GET else ""


def program() -> dict[str, Any]:
    code = settings.PROGRAM
    return {
        "code": code,
        "name": NAMES.get(code, code),
        "description": DESCRIPTIONS.get(code, ""),
        "accent": f"accent-{code}",
        "help_contact": settings.HELP_CONTACT,
    }


def _announcements(request: HttpRequest) -> list[Any]:
    named = getattr(settings, "ANNOUNCEMENTS", "")
    return list(import_string(named)(request)) if named else []


def page_languages() -> tuple[dict[str, str], ...]:
    """The languages that pages can be read in, by the names their readers know."""
    return tuple(
        {"code": code, "name": str(get_language_info(code)["name_local"])} for code in settings.PAGE_LANGUAGES
    )
