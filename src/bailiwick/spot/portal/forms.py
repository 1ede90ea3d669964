"""What people type on SPOT's own pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ChoiceField, Option, TextField


class LookForm(forms.Form):
    """Which providers of many; a search is a link that can be kept, so this form is sent by GET."""

    text = TextField(
        label=_("Look for a provider"),
        required=False,
        max_length=100,
        width="medium",
        help_text=_("PTAN, NPI, or a part of the name."),
    )


class RoleForm(forms.Form):
    grant = ChoiceField(label=_("Role and organization"))

    def __init__(self, *arguments: Any, options: list[Option], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["grant"].choices = options


class ProviderForm(forms.Form):
    provider = ChoiceField(label=_("Provider"))

    def __init__(self, *arguments: Any, options: list[Option], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["provider"].choices = options
