"""An answer as people read it: on the form's own pages, before a signature, at the desk's side. One wording for all."""

from collections.abc import Callable
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bailiwick.ground.pages.languages import translated
from bailiwick.spot.rules.enrolling import YES
from bailiwick.spot.rules.lists import ListKind, Row, counted
from bailiwick.spot.rules.schema import Field, FieldType
from bailiwick.spot.rules.states import STATES


def as_read(field: Field, answer: str, *, shows_tin: bool = False) -> str:
    """An answer in words; "" for none. Of a TIN the last four digits: a link alone does not show a person's SSN (A-3, M-1)."""
    if not answer:
        return ""
    if field.choices:
        return next((choice.label for choice in field.choices if choice.value == answer), answer)
    if field.type is FieldType.TIN and shows_tin:
        return answer
    return READ.get(field.type, str)(answer)


def _said(answer: str) -> str:
    return _("Yes") if answer == YES else _("No")


def listed(count: int) -> str:
    return ngettext("%(count)s line", "%(count)s lines", count) % {"count": count}


def cells_of(kind: ListKind, row: Row, *, shows_tin: bool = False) -> list[str]:
    """A line of a list in words, column by column."""
    return [as_read(column, row[column.code], shows_tin=shows_tin) for column in kind.columns]


READ: dict[FieldType, Callable[[str], str]] = {
    FieldType.TIN: lambda digits: _("ends in %(last_four)s") % {"last_four": digits[-4:]},
    FieldType.YES_NO: _said,
    FieldType.TICK: _said,
    FieldType.STATE: lambda code: translated(STATES.get(code, code)),
    FieldType.PHONE: lambda digits: f"{digits[:3]} {digits[3:6]} {digits[6:]}",
    FieldType.DAY: lambda day: formats.date_format(date.fromisoformat(day), "DATE_FORMAT"),
    FieldType.ROWS: lambda answer: listed(counted(answer)),
    FieldType.ZIP: lambda digits: "-".join(filter(None, (digits[:5], digits[5:]))),
}
