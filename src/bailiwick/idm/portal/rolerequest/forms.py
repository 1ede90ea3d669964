"""What is typed in the role request; shapes only. Who may ask for what is decided in `access` and `organizations`."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from localflavor.us.us_states import USPS_CHOICES

from bailiwick.ground.pages.fields import (
    ChoiceField,
    ComboField,
    DigitsField,
    Option,
    ParagraphField,
    PhoneField,
    SelectField,
    TextField,
    TickField,
)
from bailiwick.idm.rules.catalogue import Application


class SelectApplicationForm(forms.Form):
    application = ComboField(
        label=_("Select an Application"),
        help_text=_("Type the first letters of its name, then choose it from the list."),
    )

    def __init__(self, *args: Any, applications: Iterable[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["application"]
        known = tuple(applications)
        field.choices = [*field.choices[:1], *((each.code, each.name) for each in known)]
        field.widget.search_words = {
            each.code: " ".join((each.short_name, *each.search_words)) for each in known
        }


class SelectRoleForm(forms.Form):
    role = ChoiceField(label=_("Select a Role"))

    def __init__(self, *args: Any, options: Iterable[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = options


class ConsentForm(forms.Form):
    agreed = TickField(label=_("I agree to the terms of identity verification"))


class ContactedForm(forms.Form):
    contacted = TickField(label=_("I have contacted the identity verification service by phone"))


class CreateOrganizationForm(forms.Form):
    """G-1: what an organization is known by. Compared with the enrollment record, not stored."""

    submitter_id = TextField(
        label=_("Submitter ID"),
        max_length=20,
        width="medium",
        help_text=_("It was mailed to your organization when its enrollment form was approved."),
    )
    legal_name = TextField(
        label=_("Legal Business Name"),
        max_length=200,
        autocomplete="organization",
        help_text=_("Exactly as on the enrollment form."),
    )
    tin = DigitsField(
        label=_("Taxpayer Identification Number (TIN)"),
        length=9,
        secret=True,
        help_text=_("The nine digits of the EIN, or of the owner's SSN if the organization has no EIN."),
    )
    address = TextField(label=_("Address"), max_length=60, autocomplete="off")
    city = TextField(label=_("City"), max_length=30)
    state = SelectField(label=_("State or territory"), choices=USPS_CHOICES)
    zip = DigitsField(label=_("ZIP code"), length=(5, 9), width="small")
    phone = PhoneField(label=_("Company phone"), autocomplete="off")

    def clean_submitter_id(self) -> str:
        return str(self.cleaned_data["submitter_id"]).upper()


class SearchOrganizationForm(forms.Form):
    name = TextField(
        label=_("Legal Business Name"),
        required=False,
        max_length=200,
        help_text=_("At least three letters. The order of the words does not matter."),
    )
    city = TextField(label=_("City"), required=False, max_length=30)
    state = SelectField(label=_("State or territory"), required=False, choices=USPS_CHOICES)
    zip = DigitsField(label=_("ZIP code"), required=False, length=5, width="small")

    LETTERS = 3

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if name and sum(sign.isalnum() for sign in name) < self.LETTERS:
            raise forms.ValidationError(_("Type at least three letters of the name."), code="too_short")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.get(name) for name in ("name", "city", "zip")):
            self.add_error(
                "name",
                forms.ValidationError(
                    _("Type a name, a city or a ZIP code; a state alone is too much to search."),
                    code="required",
                ),
            )
        return cleaned


class ReviewForm(forms.Form):
    reason = ParagraphField(
        label=_("Reason for request"),
        max_length=500,
        help_text=_(
            "One or two sentences for the person who decides, for example what you do at the organization."
        ),
    )
