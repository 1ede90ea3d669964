"""What proofing asks (V-2): prefilled from the account, confirmed or corrected. Shapes only; `accounts` decides (A-7)."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from localflavor.us.us_states import USPS_CHOICES

from bailiwick.ground.pages.fields import DigitsField, MemorableDateField, PhoneField, SelectField, TextField
from bailiwick.idm.rules.accounts import SUFFIXES, Address, PersonalFacts, Refusal

FIELD_OF = {
    Refusal.NAME_NOT_LETTERS: "first",
    Refusal.TOO_YOUNG: "birth_date",
    Refusal.BIRTH_DATE_IMPOSSIBLE: "birth_date",
    Refusal.SSN_NOT_NINE_DIGITS: "ssn",
    Refusal.SSN_NEVER_ISSUED: "ssn",
}


class DetailsForm(forms.Form):
    first = TextField(
        label=_("First name"),
        max_length=20,
        autocomplete="given-name",
        help_text=_("Your legal names, as on your driver's license or bank account. No nicknames."),
    )
    middle = TextField(label=_("Middle name"), max_length=20, required=False, autocomplete="additional-name")
    last = TextField(label=_("Last name"), max_length=25, autocomplete="family-name")
    suffix = SelectField(
        label=_("Suffix"),
        required=False,
        choices=[(each, each) for each in SUFFIXES if each],
        empty=_("None"),
    )
    birth_date = MemorableDateField(label=_("Birth date"), autocomplete="bday")
    ssn = DigitsField(label=_("Social Security number (SSN)"), length=9, secret=True)
    line_1 = TextField(
        label=_("Home address"),
        max_length=60,
        autocomplete="address-line1",
        help_text=_("Where you live now. A business address or a P.O. box cannot be verified."),
    )
    line_2 = TextField(
        label=_("Apartment, suite or unit"), max_length=64, required=False, autocomplete="address-line2"
    )
    city = TextField(label=_("City"), max_length=30, autocomplete="address-level2")
    state = SelectField(label=_("State or territory"), choices=USPS_CHOICES, autocomplete="address-level1")
    zip = DigitsField(label=_("ZIP code"), length=(5, 9), width="small", autocomplete="postal-code")
    phone = PhoneField(label=_("Phone"), help_text=_("A number in your own name, if you have one, helps."))

    def __init__(self, *args: Any, known: PersonalFacts, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(known), **kwargs)
        self.known = known
        if known.ssn:
            # Never sent back to the browser: the holder sees the last four only.
            self.fields["ssn"].required = False
            self.fields["ssn"].label = _("Social Security number (SSN), only to correct it (optional)")
            self.fields["ssn"].help_text = _("The number on file ends in %(last_four)s.") % {
                "last_four": known.ssn[-4:]
            }

    def facts(self) -> PersonalFacts:
        """What is now claimed: the known facts with what was typed."""
        typed = self.cleaned_data
        known = self.known.address
        address = Address(
            line_1=typed["line_1"],
            line_2=typed["line_2"],
            city=typed["city"],
            state=typed["state"],
            zip=typed["zip"],
        )
        same_but_for_writing = replace(known, zip=known.zip.replace("-", "")) == address
        return replace(
            self.known,
            first=typed["first"],
            middle=typed["middle"],
            last=typed["last"],
            suffix=typed["suffix"],
            birth_date=typed["birth_date"],
            ssn=typed["ssn"] or self.known.ssn,
            address=known if same_but_for_writing else address,
            phone=typed["phone"],
        )

    def refuse(self, code: Refusal, sentence: str) -> None:
        """Put the sentence of a refused correction where the person can act on it."""
        self.add_error(FIELD_OF.get(code), forms.ValidationError(sentence, code=str(code)))


def _initial(known: PersonalFacts) -> dict[str, Any]:
    return {
        "first": known.first,
        "middle": known.middle,
        "last": known.last,
        "suffix": known.suffix,
        "birth_date": known.birth_date,
        "line_1": known.address.line_1,
        "line_2": known.address.line_2,
        "city": known.address.city,
        "state": known.address.state if known.address.is_us else "",
        "zip": known.address.zip.replace("-", "") if known.address.is_us else "",
        "phone": known.phone,
    }
