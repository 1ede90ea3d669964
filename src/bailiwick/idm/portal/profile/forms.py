"""What My Profile asks for (R-8, R-9, S-3)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import (
    ChoiceField,
    CodeField,
    EmailField,
    PasswordField,
    PhoneField,
    TextField,
)
from bailiwick.ground.pages.words import sentence_for
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.factors import NAME_LONGEST
from bailiwick.idm.rules.passwords import Refusal

YES_NO = (("yes", _("Yes")), ("no", _("No")))


class PhoneForm(forms.Form):
    phone = PhoneField(label=_("Primary phone"), help_text=_("10 digits, like 512 555 0142."))
    text_capable = ChoiceField(label=_("Can this phone receive text messages?"), choices=YES_NO)


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
