"""What is typed to invite somebody (R-7); shapes only. Who may invite to what is decided in `access`."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ChoiceField, ComboField, EmailField, Option
from bailiwick.ground.pages.languages import translated
from bailiwick.idm.access.queries import Invitable


class InviteForm(forms.Form):
    """`offered`: everything the inviter may invite to. The organization is asked for only where there are several."""

    email = EmailField(
        label=_("E-mail address of the person"),
        autocomplete="off",
        help_text=_("Their own mailbox. Whoever reads it can take up the invitation, so check the address."),
    )
    organization = ComboField(label=_("Organization"))
    role = ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, offered: Iterable[Invitable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = list(offered)
        places = {str(one.organization.pk): one.organization.legal_name for one in self.offered}
        roles = {_value(one): one for one in self.offered}
        organization = self.fields["organization"]
        organization.choices = [*organization.choices[:1], *places.items()]
        self.fields["role"].choices = [
            Option(value, one.role.name, translated(one.role.description)) for value, one in roles.items()
        ]
        if len(places) == 1:
            del self.fields["organization"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if self.errors:
            return typed
        place = typed.get("organization") or str(self.offered[0].organization.pk)
        fitting = (
            one for one in self.offered if _value(one) == typed["role"] and str(one.organization.pk) == place
        )
        typed["chosen"] = next(fitting, None)
        if typed["chosen"] is None:
            self.add_error("role", _("This role does not fit the organization. Choose another."))
        return typed


def _value(one: Invitable) -> str:
    return f"{one.application.code}:{one.role.code}"
