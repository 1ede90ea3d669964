"""What My Profile asks for (R-8, R-9, S-3)."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from localflavor.us.us_states import USPS_CHOICES

from bailiwick.ground.pages.fields import (
    ChoiceField,
    CodeField,
    EmailField,
    PasswordField,
    PhoneField,
    SelectField,
    TextField,
)
from bailiwick.ground.pages.words import sentence_for
from bailiwick.idm.accounts.contact import Contact
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.accounts import Address
from bailiwick.idm.rules.factors import NAME_LONGEST
from bailiwick.idm.rules.mailboxes import Refusal as MailboxRefusal
from bailiwick.idm.rules.passwords import Refusal
from bailiwick.idm.signin.queries import security_questions

YES_NO = (("yes", _("Yes")), ("no", _("No")))
ZIP_LENGTHS = (5, 9)
ABROAD = "abroad"
NOWHERE_ELSE = ("", "US", "USA")


class ContactForm(forms.Form):
    """Personal contact information but for the mailbox (R-9). `facts()` of a valid one goes to `accounts.contact`."""

    preferred_name = TextField(
        label=_("Preferred name"),
        max_length=40,
        required=False,
        help_text=_("What we call you on pages. Your legal name stays as it is."),
    )
    in_us = ChoiceField(label=_("Is your home address in the US or its territories?"), choices=YES_NO)
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
        help_text=_("5 digits, or 9. Outside the US: the postal code."),
    )
    country = TextField(
        label=_("Country, if outside the US"), max_length=40, required=False, autocomplete="country-name"
    )
    phone = PhoneField(label=_("Primary phone"), help_text=_("10 digits, like 512 555 0142."))
    text_capable = ChoiceField(label=_("Can this phone receive text messages?"), choices=YES_NO)
    language = ChoiceField(label=_("Language of our messages"), choices=settings.LANGUAGES)

    @staticmethod
    def of(contact: Contact) -> dict[str, Any]:
        """The form's initial values."""
        home = contact.address
        kept = {name: getattr(home, name) for name in ("line_1", "line_2", "city", "zip")}
        return {
            **kept,
            "preferred_name": contact.preferred_name,
            "in_us": "yes" if home.is_us else "no",
            "state": home.state if home.is_us else ABROAD,
            "country": "" if home.is_us else home.country,
            "phone": contact.phone,
            "text_capable": "yes" if contact.text_capable else "no",
            "language": contact.language,
        }

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("in_us") == "yes":
            self._check_us(typed)
        elif typed.get("in_us") == "no" and "country" in typed and typed["country"].upper() in NOWHERE_ELSE:
            self.add_error("country", _("Enter the country."))
        return typed

    def _check_us(self, typed: dict[str, Any]) -> None:
        if typed.get("state") == ABROAD:
            self.add_error(
                "state", _("Choose the state or territory, or answer that the address is not in the US.")
            )
        digits = typed.get("zip", "").replace("-", "").replace(" ", "")
        if digits and not (digits.isascii() and digits.isdigit() and len(digits) in ZIP_LENGTHS):
            self.add_error("zip", _("Enter 5 digits, like 73301, or 9, like 73301-0012."))
        elif digits:
            typed["zip"] = digits

    def contact(self) -> Contact:
        """What was typed, as it is to be stored."""
        typed = self.cleaned_data
        is_us = typed["in_us"] == "yes"
        address = Address(
            line_1=typed["line_1"],
            line_2=typed["line_2"],
            city=typed["city"],
            state=typed["state"] if is_us else "",
            zip=typed["zip"],
            country="US" if is_us else typed["country"],
        )
        return Contact(
            address=address,
            phone=typed["phone"],
            text_capable=typed["text_capable"] == "yes",
            preferred_name=typed["preferred_name"],
            language=typed["language"],
        )


class EmailChangeForm(forms.Form):
    email = EmailField(
        label=_("New e-mail address"), help_text=_("Use a mailbox of your own. We send a link there.")
    )
    email_again = EmailField(label=_("Confirm new e-mail address"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if "email" in typed and "email_again" in typed and typed["email"] != typed["email_again"]:
            self.add_error("email_again", sentence_for(MailboxRefusal.EMAIL_NOT_TYPED_TWICE))
        return typed


class QuestionForm(forms.Form):
    question = SelectField(label=_("Security question"), choices=security_questions())
    answer = PasswordField(
        label=_("Answer"), help_text=_("4 to 100 characters. Upper and lower case do not matter.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].widget.attrs["autocomplete"] = "off"


class BusinessForm(forms.Form):
    """All optional (R-8). Field names are the account's columns."""

    business_employer = TextField(
        label=_("Employer"), max_length=100, required=False, autocomplete="organization"
    )
    business_title = TextField(
        label=_("Title"), max_length=60, required=False, autocomplete="organization-title"
    )
    business_address = TextField(label=_("Business address"), max_length=200, required=False)
    business_phone = PhoneField(label=_("Business phone"), required=False, autocomplete="off")
    business_extension = TextField(
        label=_("Extension"), max_length=6, required=False, width="xs", inputmode="numeric"
    )
    business_fax = PhoneField(label=_("Fax"), required=False, autocomplete="off")
    business_email = EmailField(label=_("Business e-mail"), required=False, autocomplete="off")

    @staticmethod
    def of(account: Account) -> dict[str, Any]:
        """The form's initial values."""
        return {name: getattr(account, name) for name in BusinessForm.base_fields}


class PasswordForm(forms.Form):
    current = PasswordField(label=_("Current password"))
    new = PasswordField(
        label=_("New password"),
        new=True,
        help_text=_(
            "15 to 60 characters with an upper-case letter, a lower-case letter and a digit. A few words work well."
        ),
    )
    again = PasswordField(label=_("Confirm new password"), new=True)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if "new" in typed and "again" in typed and typed["new"] != typed["again"]:
            self.add_error("again", sentence_for(Refusal.NOT_THE_SAME))
        return typed


class DeviceForm(forms.Form):
    name = TextField(
        label=_("Name of the device"),
        max_length=NAME_LONGEST,
        help_text=_("So that you recognize it later, like: my phone."),
    )


class ConfirmForm(forms.Form):
    code = CodeField(label=_("Enter Code"))
