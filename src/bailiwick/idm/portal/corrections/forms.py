"""What a holder types who asks for a correction; shapes only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import (
    ChoiceField,
    DigitsField,
    MemorableDateField,
    OnceField,
    ParagraphField,
    SelectField,
    TextField,
)
from bailiwick.ground.uploads.fields import DocumentField
from bailiwick.idm.rules.accounts import SUFFIXES, PersonalFacts
from bailiwick.idm.rules.corrections import Kind
from bailiwick.idm.rules.requests import REASON_LONGEST


class KindForm(forms.Form):
    """What is to be corrected."""

    kind = ChoiceField(
        label=_("What is to be corrected"),
        choices=[
            (Kind.NAME.value, _("Legal name, after a marriage, divorce or court order")),
            (Kind.BIRTH_DATE.value, _("Birth date")),
            (Kind.SSN.value, _("Social Security number")),
        ],
    )


class AskForm(forms.Form):
    """Why, and the document; each kind adds its own fields before these."""

    once = OnceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = ParagraphField(
            label=_("Why it has to be corrected"),
            max_length=REASON_LONGEST,
            rows=3,
            help_text=_("For example: “I was married in May.” Please write no numbers here."),
        )
        self.fields["document"] = DocumentField(label=_("Document that shows the correct value"))

    def put_into(self, facts: PersonalFacts) -> dict[str, Any]:
        """The new values, by the names of `PersonalFacts`."""
        del facts
        own = [name for name in self.fields if name not in {"once", "reason", "document"}]
        return {name: self.cleaned_data[name] or "" for name in own}


class NameForm(AskForm):
    first = TextField(label=_("First name"), max_length=20, autocomplete="given-name")
    middle = TextField(label=_("Middle name"), max_length=20, autocomplete="additional-name", required=False)
    last = TextField(label=_("Last name"), max_length=25, autocomplete="family-name")
    suffix = SelectField(
        label=_("Suffix"), choices=[(suffix, suffix) for suffix in SUFFIXES if suffix], required=False
    )


class BirthDateForm(AskForm):
    birth_date = MemorableDateField(label=_("Correct birth date"))


class SsnForm(AskForm):
    ssn = DigitsField(label=_("Correct Social Security number"), length=9, secret=True)


FORMS: dict[Kind, type[AskForm]] = {
    Kind.NAME: NameForm,
    Kind.BIRTH_DATE: BirthDateForm,
    Kind.SSN: SsnForm,
}
