"""The letters of the help desk as tagged PDFs, in the words that were mailed (F-11, E-4).

The contact's copy is kept with the case, so that a letter of last month reads as it did, whatever the record says today.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.outbox import inbox
from bailiwick.ground.outbox.inbox import Letter
from bailiwick.spot.forms.models import Case
from bailiwick.spot.papers.typesetting import typeset

# What a letter states, as "Submitter ID: FL10023": two such lines or more make a table.
FACT = re.compile(r"(?P<what>[^:.!?]{1,60}): (?P<said>.+)")
FEWEST_FACTS = 2
POINT = "- "
WORDS: dict[str, Promise] = {
    "lead": _("Tracking number %(tracking)s"),
    "what": _("What"),
    "said": _("What it says"),
}


def letters_of(case: Case) -> list[Letter]:
    """The letters to the contact of the case, newest first, without their texts."""
    return inbox.letters(str(case.pk))


def letter_of(case: Case, number: int) -> Letter | None:
    """One of them, whole; None for a letter of another case."""
    return inbox.letter(str(case.pk), number)


def letter_pdf(case: Case, *, subject: str, text: str, at: datetime) -> bytes:
    """What was mailed at that moment, as PDF/UA-1; the same letter gives the same bytes. Raises Busy."""
    with translation.override(case.language):
        document = {
            "author": "SPOT",
            "language": case.language,
            "title": subject,
            "lead": str(WORDS["lead"]) % {"tracking": case.tracking},
            "columns": [str(WORDS["what"]), str(WORDS["said"])],
            "parts": list(parts_of(text)),
        }
    return typeset("letter.typ", document, made_at=at)


def parts_of(text: str) -> Iterator[dict[str, Any]]:
    """Paragraphs, lists and tables, as the lines of a mail have them."""
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        for is_list, group in groupby(lines, key=lambda line: line.startswith(POINT)):
            some = list(group)
            if is_list:
                yield {"kind": "list", "items": [line.removeprefix(POINT) for line in some]}
            else:
                yield from _told(some)


def _told(lines: list[str]) -> Iterator[dict[str, Any]]:
    facts = [FACT.fullmatch(line) for line in lines]
    if len(facts) >= FEWEST_FACTS and all(facts):
        yield {"kind": "facts", "rows": [(one["what"], one["said"]) for one in facts if one]}
    else:
        yield from ({"kind": "text", "text": line} for line in lines)
