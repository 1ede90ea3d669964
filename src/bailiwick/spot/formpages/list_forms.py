"""How lines come to a list: one by one, pasted, or as a file (F-4). Shapes only; what a line must say, rules/lists.py knows."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import TickField
from bailiwick.spot.formpages.questions import field_of
from bailiwick.spot.rules.lists import BadRow, ListKind

LONGEST_PASTE = 900_000


class AnewForm(forms.Form):
    anew = TickField(label=_("Begin the list anew: what is on it now is taken off"), required=False)


class FileForm(AnewForm):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_("CSV or XLSX, up to 10 MB. A list of 5,000 lines takes some seconds."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        error_messages={"required": _("Choose a file."), "invalid": _("Choose a file.")},
    )
    field_order = ("file", "anew")


class PasteForm(AnewForm):
    lines = forms.CharField(
        label=_("Lines"),
        max_length=LONGEST_PASTE,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("One provider a line, in the order of the columns, as a spreadsheet copies them."),
        error_messages={"required": _("Paste the lines here.")},
    )
    field_order = ("lines", "anew")


class RowForm(forms.Form):
    """One line; `faults` of the rules are shown at their fields."""

    use_required_attribute = False

    def __init__(self, kind: ListKind, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix="row")
        for column in kind.columns:
            # Whether an answer does is said by the rules alone, so that typed and sent lines hear the same.
            self.fields[column.code] = field_of(column, kept="", remark="", is_needed=False)

    def typed(self, kind: ListKind, data: QueryDict) -> list[str]:
        return [data.get(self.add_prefix(code), "") for code in kind.codes]

    def hear(self, bad: BadRow, kind: ListKind, sentence_of: Any) -> None:
        codes = {column.label: column.code for column in kind.columns}
        self.full_clean()
        self._errors.clear()
        for fault in bad.faults:
            self.add_error(codes.get(fault.column), sentence_of(fault))
