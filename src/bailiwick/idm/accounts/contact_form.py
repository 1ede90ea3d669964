"""The home address and the phone as every page asks for them (R-2, R-9, A-8): registration and My Profile alike."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from localflavor.us.us_states import USPS_CHOICES

from bailiwick.ground.pages.fields import ChoiceField, PhoneField, SelectField, TextField
from bailiwick.ground.pages.words import sentence_for
from bailiwick.idm.rules.accounts import Address
from bailiwick.idm.rules.registration import may_be_abroad

YES_NO = (("yes", _("Yes")), ("no", _("No")))
ZIP_LENGTHS = (5, 9)
ABROAD = "abroad"


class ContactFields(forms.Form):
    """`address()` of a valid one is the home address that was typed."""

    in_us = ChoiceField(
        label=_("Is your home address in the US or its territories?"),
        choices=YES_NO,
        help_text=_("If it is not, a role may need your identity checked by hand, which takes longer."),
    )
    line_1 = TextField(label=_("Home address"), max_length=60, autocomplete="address-line1")
    line_2 = TextField(
        label=_("Apartment, suite or unit"), max_length=64, required=False, autocomplete="address-line2"
    )
    city = TextField(label=_("City"), max_length=30, autocomplete="address-level2")
    state = SelectField(
        label=_("State or territory"),
        choices=[*USPS_CHOICES, (ABROAD, _("Outside the US"))],
        autocomplete="address-level1",
    )
    zip = TextField(
        label=_("ZIP code"),
        max_length=12,
        width="small",
        autocomplete="postal-code",
        help_text=_("5 digits, or 9. Outside the US: the postal code, if there is one."),
    )
    country = TextField(
        label=_("Country, if outside the US"), max_length=40, required=False, autocomplete="country-name"
    )
    phone = PhoneField(label=_("Primary phone"), help_text=_("10 digits, like 512 555 0142."))
    text_capable = ChoiceField(label=_("Can this phone receive text messages?"), choices=YES_NO)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not every country has postal codes; in the US it is asked for below.
        self.fields["zip"].required = False

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("in_us") == "yes":
            self._check_us(typed)
        elif typed.get("in_us") == "no":
            self._check_abroad(typed)
        return typed

    def _check_abroad(self, typed: dict[str, Any]) -> None:
        if typed.get("state", ABROAD) != ABROAD:
            self.add_error("state", _("Choose “Outside the US”, or answer that the address is in the US."))
        if "country" in typed and not typed["country"]:
            self.add_error("country", _("Enter the country."))
        elif "country" in typed and not (ruling := may_be_abroad(typed["country"])):
            sentence = sentence_for(ruling.because, **ruling.facts)
            self.add_error("country", forms.ValidationError(sentence, code=ruling.because))

    def _check_us(self, typed: dict[str, Any]) -> None:
        if typed.get("state") == ABROAD:
            self.add_error(
                "state", _("Choose the state or territory, or answer that the address is not in the US.")
            )
        if "zip" in typed:
            digits = typed["zip"].replace("-", "").replace(" ", "")
            if not typed["zip"]:
                self.add_error("zip", self.fields["zip"].error_messages["required"])
            elif not (digits.isascii() and digits.isdigit() and len(digits) in ZIP_LENGTHS):
                self.add_error("zip", _("Enter 5 digits, like 73301, or 9, like 73301-0012."))
            typed["zip"] = digits

    def address(self) -> Address:
        """The home address that was typed."""
        typed = self.cleaned_data
        is_us = typed["in_us"] == "yes"
        return Address(
            line_1=typed["line_1"],
            line_2=typed["line_2"],
            city=typed["city"],
            state=typed["state"] if is_us else "",
            zip=typed["zip"],
            country="US" if is_us else typed["country"],
        )
