"""The memorable date: month, day and year typed apart, answered with the part that is wrong."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages import checks, widgets

EARLIEST_YEAR = 1900
YEAR_DIGITS = 4
LABELS: dict[str, Promise] = {"month": _("month"), "day": _("day"), "year": _("year")}


class MemorableDateField(forms.Field):
    """A date people know by heart, from three inputs `<name>_month`, `<name>_day`, `<name>_year`; gives a `date`.

    Whether the date is allowed (age, past, future) is a rule's business.
    """

    widget = widgets.MemorableDate

    def __init__(self, *, autocomplete: str = "", **options: Any) -> None:
        errors = {
            "required": checks.missing(options.get("label")),
            **(options.pop("error_messages", None) or {}),
        }
        if not options.get("required", True) and options.get("label"):
            options["label"] = format_lazy(_("{label} (optional)"), label=options["label"])
        options.setdefault("help_text", _("For example: 4 28 1986"))
        super().__init__(error_messages=errors, **options)
        if autocomplete:
            self.widget.attrs["autocomplete"] = autocomplete

    def to_python(self, value: Any) -> date | None:
        """`value`: [month, day, year] as typed. Raises ValidationError("incomplete" | "invalid")."""
        typed = [str(part or "") for part in (value or ["", "", ""])]
        for part in typed:
            checks.readable(part)
        month, day, year = (part.strip() for part in typed)
        if not (month or day or year):
            return None
        self._is_complete(month=month, day=day, year=year)
        if len(year) != YEAR_DIGITS:
            raise ValidationError(_("Enter the year with four digits."), code="invalid")
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            raise ValidationError(
                _("This date does not exist. Check the month and the day."), code="invalid"
            ) from None
        if found.year < EARLIEST_YEAR:
            raise ValidationError(
                _("Enter a year from %(earliest)s on."), code="invalid", params={"earliest": EARLIEST_YEAR}
            )
        return found

    def _is_complete(self, **parts: str) -> None:
        missing = [str(LABELS[name]) for name, typed in parts.items() if not typed]
        if missing:
            raise ValidationError(
                _("The date lacks: %(missing)s."), code="incomplete", params={"missing": ", ".join(missing)}
            )
        if not all(re.fullmatch(r"[0-9]{1,4}", typed) for typed in parts.values()):
            raise ValidationError(_("Enter month, day and year as numbers, like 4 28 1986."), code="invalid")
