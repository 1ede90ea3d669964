"""The words of refusals: each room registers a sentence per code, pages ask here for it.

A code without words gets a generic sentence: a person never reads a code, and a page never fails for want of words.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

import structlog
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GENERIC = _(
    "This cannot be done right now. Nothing was changed. Go back and try again, or contact the help desk."
)

_log = structlog.get_logger(__name__)
# By type and value: members of different enums with the same value are equal to Python, and are different refusals.
_words: dict[tuple[type, str], str | Promise] = {}


def register(words: Mapping[StrEnum, str | Promise]) -> None:
    """Add a room's sentences. `%(name)s` in a sentence is filled from the refusal's facts."""
    _words.update({(type(code), str(code)): sentence for code, sentence in words.items()})


def sentence_for(code: StrEnum | str, /, **facts: object) -> str:
    """The sentence a person reads for a refusal; the generic one where the code or one of its facts is unknown."""
    sentence = _words.get((type(code), str(code))) or _by_value(str(code))
    if sentence is None:
        _log.error("refusal_without_words", code=str(code))
        return str(GENERIC)
    try:
        return str(sentence) % {name: _as_read(fact) for name, fact in facts.items()}
    except (KeyError, ValueError, TypeError):
        _log.exception("refusal_words_lack_a_fact", code=str(code))
        return str(GENERIC)


def _by_value(value: str) -> str | Promise | None:
    """Words of the only enum that has this value: for codes that were stored as text."""
    found = [sentence for (_type, known), sentence in _words.items() if known == value]
    return found[0] if len(found) == 1 else None


def _as_read(fact: object) -> object:
    """Moments and days as a person writes them, in the deployment's time zone and the page's language."""
    if isinstance(fact, datetime):
        return formats.date_format(timezone.localtime(fact), "DATETIME_FORMAT")
    if isinstance(fact, date):
        return formats.date_format(fact, "DATE_FORMAT")
    return fact
