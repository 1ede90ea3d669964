"""The inputs behind our fields. Classes and ARIA are in `templates/elements/inputs/`, never here."""

import unicodedata
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms


class TextInput(forms.TextInput):
    """A one-line input of `width` "2xs", "xs", "small", "medium", "large" or "" (whole line)."""

    def __init__(
        self, attrs: dict[str, Any] | None = None, *, width: str = "", input_type: str = "text"
    ) -> None:
        super().__init__(attrs)
        self.width = width
        self.input_type = input_type

    def format_value(self, value: Any) -> str | None:
        # What was refused as unreadable is not sent back into the page.
        return without_control(super().format_value(value))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"]["width"] = self.width
        return context


class Paragraph(forms.Textarea):
    def format_value(self, value: Any) -> str | None:
        return without_control(super().format_value(value))


class OnceInput(forms.HiddenInput):
    """Keeps the token that was sent; replaces a broken one, so that sending again can work."""

    def format_value(self, value: Any) -> str:
        return str(once_or_none(str(value or "")) or uuid.uuid4())


def without_control(text: str | None) -> str | None:
    """The text without control characters (line breaks stay)."""
    if text is None:
        return None
    return "".join(sign for sign in text if sign in "\r\n\t" or unicodedata.category(sign) != "Cc")


def once_or_none(text: str) -> uuid.UUID | None:
    """The once token in `text`, if it is one."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


class SecretInput(forms.PasswordInput):
    """Hidden while typed, with a button that shows it; never sent back with the page."""

    template_name = "elements/inputs/password.html"


class CodeInput(TextInput):
    template_name = "elements/inputs/code.html"


class Radios(forms.RadioSelect):
    """Radios with a description under each; a `blocked` option cannot be chosen and says why."""

    template_name = "elements/inputs/radio.html"
    option_template_name = "elements/inputs/radio_option.html"

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        given = getattr(self, "options", {}).get(str(option["value"]))
        option["description"] = given.description if given else ""
        option["blocked"] = given.blocked if given else ""
        if option["blocked"]:
            option["attrs"]["disabled"] = True
        if option["description"] or option["blocked"]:
            option["attrs"]["aria-describedby"] = f"{option['attrs'].get('id', option['name'])}_description"
        return option


class ComboSelect(forms.Select):
    """A plain select that the page's script turns into a type-ahead; `search_words` are found but not shown."""

    template_name = "elements/inputs/combo.html"
    search_words: Mapping[str, str] = {}

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if words := self.search_words.get(str(option["value"])):
            option["attrs"]["data-search"] = words
        return option


class Tick(forms.CheckboxInput):
    template_name = "elements/inputs/checkbox.html"


class MemorableDate(forms.MultiWidget):
    """Month, day and year in three inputs: a date people know by heart is typed, not searched in a calendar."""

    template_name = "elements/inputs/memorable_date.html"
    use_fieldset = True
    parts = ("month", "day", "year")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in self.parts}, attrs)

    def decompress(self, value: date | str | None) -> list[str]:
        if isinstance(value, str):
            value = date.fromisoformat(value)
        return [f"{value.month:02}", f"{value.day:02}", f"{value.year:04}"] if value else ["", "", ""]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        token = context["widget"]["attrs"].pop("autocomplete", "")
        for part, sub in zip(self.parts, context["widget"]["subwidgets"], strict=True):
            sub["attrs"].pop("autocomplete", None)
            sub["part"] = part
            if token:
                sub["attrs"]["autocomplete"] = f"{token}-{part}"
        return context
