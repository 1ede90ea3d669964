"""The form fields of every room: each says how it is typed, and answers bad input with a sentence at the field.

Every field is required unless `required=False`; its label then ends with "(optional)" by itself.
"""

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages import checks, widgets
from bailiwick.ground.pages.dates import MemorableDateField
from bailiwick.ground.pages.widgets import once_or_none

__all__ = [
    "ChoiceField",
    "CodeField",
    "ComboField",
    "DigitsField",
    "EmailField",
    "MemorableDateField",
    "OnceField",
    "Option",
    "ParagraphField",
    "PasswordField",
    "PhoneField",
    "SelectField",
    "TextField",
    "TickField",
    "once_of",
]

LONGEST_SECRET = 512
PHONE_DIGITS = 10


class Option(NamedTuple):
    """One answer of a ChoiceField; `blocked` = why it cannot be chosen (shown, not choosable)."""

    value: str
    label: str | Promise
    description: str | Promise = ""
    blocked: str | Promise = ""


def optional(label: Any, required: bool) -> Any:
    """The label, ending with "(optional)" where the field may be left out."""
    if required or not label or str(label).rstrip().endswith(")"):
        return label
    return format_lazy(_("{label} (optional)"), label=label)


class TextField(forms.CharField):
    """One line of readable text, stripped and composed; at most `max_length` and at least `min_length` characters.

    `autocomplete` is the browser's token; `width` of the input, see widgets.TextInput; `inputmode` the phone's keyboard.
    """

    lines = False

    def __init__(
        self,
        *,
        max_length: int = 200,
        min_length: int = 0,
        autocomplete: str = "off",
        width: str = "",
        inputmode: str = "",
        **options: Any,
    ) -> None:
        required = options.get("required", True)
        errors = {
            "required": checks.missing(options.get("label")),
            **(options.pop("error_messages", None) or {}),
        }
        options["label"] = optional(options.get("label"), required)
        options.setdefault("widget", widgets.TextInput(width=width))
        # Lengths are ours, not CharField's: its `maxlength` attribute lets browsers cut a pasted text silently.
        self.most, self.least = max_length, min_length
        super().__init__(strip=False, error_messages=errors, **options)
        self.widget.attrs.setdefault("autocomplete", autocomplete)
        if inputmode:
            self.widget.attrs.setdefault("inputmode", inputmode)

    def to_python(self, value: Any) -> str:
        return checks.readable(super().to_python(value), lines=self.lines)

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            checks.length_within(value, least=self.least, most=self.most)


class ParagraphField(TextField):
    """Several lines of readable text: a reason, a remark."""

    lines = True

    def __init__(self, *, max_length: int = 1000, rows: int = 4, **options: Any) -> None:
        options.setdefault("widget", widgets.Paragraph({"rows": rows}))
        super().__init__(max_length=max_length, **options)


class EmailField(TextField):
    """An e-mail address, at most 74 characters (R-2)."""

    def __init__(self, *, max_length: int = 74, autocomplete: str = "email", **options: Any) -> None:
        options.setdefault(
            "widget", widgets.TextInput({"autocapitalize": "none", "spellcheck": "false"}, input_type="email")
        )
        super().__init__(max_length=max_length, autocomplete=autocomplete, **options)

    def validate(self, value: str) -> None:
        super().validate(value)
        if not value:
            return
        try:
            validate_email(value)
        except ValidationError:
            raise ValidationError(
                _("Enter an e-mail address like name@example.com."), code="invalid"
            ) from None


class PhoneField(TextField):
    """A phone number as ten digits, not starting with 0 or 1 (R-2), typed in any of the usual ways."""

    def __init__(self, *, autocomplete: str = "tel-national", **options: Any) -> None:
        options.setdefault("widget", widgets.TextInput(width="medium", input_type="tel"))
        super().__init__(max_length=30, autocomplete=autocomplete, **options)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        if not typed:
            return ""
        digits = re.sub(r"^\+?1(?=\D*[2-9])|[\s().\-–/]", "", typed)
        if not re.fullmatch(rf"[2-9][0-9]{{{PHONE_DIGITS - 1}}}", digits):
            raise ValidationError(
                _("Enter a phone number of 10 digits that does not start with 0 or 1, like 512 555 0142."),
                code="invalid",
            )
        return digits


class DigitsField(TextField):
    """Exactly `length` digits (one of several lengths, if a tuple); spaces and hyphens between them are dropped.

    `secret` hides them while typed, with a show button.
    """

    def __init__(self, *, length: int | tuple[int, ...], secret: bool = False, **options: Any) -> None:
        self.lengths = (length,) if isinstance(length, int) else tuple(length)
        if secret:
            options.setdefault("widget", widgets.SecretInput())
        options.setdefault("width", "medium")
        super().__init__(max_length=40, inputmode="numeric", **options)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        digits = re.sub(r"[\s\-–]", "", typed)
        if digits and not (re.fullmatch(r"[0-9]+", digits) and len(digits) in self.lengths):
            lengths = gettext(" or ").join(str(one) for one in self.lengths)
            raise ValidationError(_("Enter %(lengths)s digits."), code="invalid", params={"lengths": lengths})
        return digits


class CodeField(TextField):
    """A one-time code of `length` digits; spaces in it are forgiven."""

    def __init__(self, *, length: int = 6, **options: Any) -> None:
        self.length = length
        options.setdefault("widget", widgets.CodeInput(width="small"))
        super().__init__(max_length=40, autocomplete="one-time-code", inputmode="numeric", **options)

    def to_python(self, value: Any) -> str:
        code = re.sub(r"[\s\-–]", "", super().to_python(value))
        if code and not re.fullmatch(rf"[0-9]{{{self.length}}}", code):
            raise ValidationError(
                _("The code has %(length)s digits."), code="invalid", params={"length": self.length}
            )
        return code


class PasswordField(TextField):
    """A password as typed, with a show button; `new` asks the browser's keeper for a new one. Rules on it are not here."""

    def __init__(self, *, new: bool = False, **options: Any) -> None:
        options.setdefault("widget", widgets.SecretInput())
        super().__init__(
            max_length=LONGEST_SECRET, autocomplete="new-password" if new else "current-password", **options
        )

    def to_python(self, value: Any) -> str:
        typed = "" if value is None else str(value)
        checks.readable(typed)
        return typed  # neither stripped nor composed: a password is its characters


class TickField(forms.BooleanField):
    """A box that must be ticked, unless `required=False`."""

    widget = widgets.Tick

    def __init__(self, **options: Any) -> None:
        words = (
            _("Tick the box “{label}” to go on.") if options.get("label") else _("Tick this box to go on.")
        )
        required = format_lazy(words, label=options.get("label"))
        errors = {"required": required, **(options.pop("error_messages", None) or {})}
        super().__init__(error_messages=errors, **options)


class _Choices(forms.ChoiceField):
    def __init__(self, *, choices: Iterable[Any] = (), **options: Any) -> None:
        errors = {
            "required": checks.missing(options.get("label"), choice=True),
            "invalid_choice": _("Choose one of the answers shown."),
            **(options.pop("error_messages", None) or {}),
        }
        options["label"] = optional(options.get("label"), options.get("required", True))
        super().__init__(error_messages=errors, **options)
        self.choices = choices


class ChoiceField(_Choices):
    """One of a few answers, as radios. Choices are Options, or (value, label[, description[, blocked]]) tuples."""

    widget = widgets.Radios

    @property
    def choices(self) -> Any:
        return self._choices

    @choices.setter
    def choices(self, given: Iterable[Any]) -> None:
        options = [Option(*one) for one in given]
        self.widget.options = {str(option.value): option for option in options}
        forms.ChoiceField.choices.fset(self, [(option.value, option.label) for option in options])

    def valid_value(self, value: Any) -> bool:
        option = self.widget.options.get(str(value))
        return option is not None and not option.blocked


class SelectField(_Choices):
    """One of a list everybody knows (state, suffix). Starts with an empty answer."""

    widget = forms.Select

    def __init__(
        self, *, choices: Iterable[Any] = (), autocomplete: str = "", empty: Any = None, **options: Any
    ) -> None:
        first = ("", _("– Select –") if empty is None else empty)
        super().__init__(choices=[first, *choices], **options)
        if autocomplete:
            self.widget.attrs["autocomplete"] = autocomplete


class ComboField(SelectField):
    """One of a long list: type to narrow it. `search_words`: {value: further words to find it by}."""

    widget = widgets.ComboSelect

    def __init__(self, *, search_words: Mapping[str, str] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.widget.search_words = dict(search_words or {})


class OnceField(forms.UUIDField):
    """The hidden token that makes a POST count once; `{% once %}` draws the same without a field."""

    widget = widgets.OnceInput

    def __init__(self, **options: Any) -> None:
        broken = _("This page was sent incomplete. Open it again and send it once more.")
        super().__init__(
            initial=uuid.uuid4, error_messages={"required": broken, "invalid": broken}, **options
        )


def once_of(sent: Mapping[str, str]) -> uuid.UUID:
    """The once token of a POST whose form has no OnceField; a fresh one where it is missing or broken."""
    return once_or_none(sent.get("once", "")) or uuid.uuid4()
