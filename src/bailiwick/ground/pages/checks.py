"""What every typed text passes before a form believes it: readable characters, sane length, a sentence at the field."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

CONTROL_CHARACTERS = _(
    "This contained a character that cannot be shown, perhaps from copying. Check it, or type it again."
)
# Cc control, Cf invisible marks (they can reverse how a name reads), Cs half a character, Co/Cn no character at all.
UNREADABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
LINE_BREAKS = frozenset("\n\t")


def readable(text: str, *, lines: bool = False) -> str:
    """The text composed (NFC) and stripped. Raises ValidationError("control_characters") for unreadable characters.

    With `lines`, line breaks (made one kind) and tabs are allowed.
    """
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    allowed = LINE_BREAKS if lines else frozenset()
    # Before stripping: a control character at the end is one, too.
    if any(unicodedata.category(sign) in UNREADABLE and sign not in allowed for sign in text):
        raise ValidationError(CONTROL_CHARACTERS, code="control_characters")
    return unicodedata.normalize("NFC", text).strip()


def length_within(text: str, *, least: int, most: int | None) -> None:
    """Raises ValidationError("too_short" | "too_long") naming the limit and what was typed."""
    if most is not None and len(text) > most:
        raise ValidationError(
            _("Use at most %(most)s characters. You typed %(typed)s."),
            code="too_long",
            params={"most": most, "typed": len(text)},
        )
    if len(text) < least:
        sentence = ngettext_lazy(
            "Use at least %(least)d character.", "Use at least %(least)d characters.", "least"
        )
        raise ValidationError(sentence, code="too_short", params={"least": least})


def missing(label: object, *, choice: bool = False) -> str | Promise:
    """The sentence for a field left out."""
    if not label:
        return _("Choose an answer.") if choice else _("Fill this in.")
    return format_lazy(
        _("Choose an answer for “{label}”.") if choice else _("Fill in “{label}”."), label=label
    )
