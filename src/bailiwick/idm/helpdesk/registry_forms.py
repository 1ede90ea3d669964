"""What tier 3 chooses and types about cases and corrections; shapes only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ChoiceField, Option, TickField
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.helpdesk.forms import ReasonForm, reason_field


class SameForm(ReasonForm):
    """Which of the two accounts goes on, and why they are one person's."""

    def __init__(self, *args: Any, sides: tuple[Account, Account], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = {str(account.pk): account for account in sides}
        field = ChoiceField(
            label=_("The account that goes on"),
            choices=[Option(key, account.user_id) for key, account in self.sides.items()],
        )
        self.fields = {"survivor": field, **self.fields}

    @property
    def survivor(self) -> Account:
        return self.sides[self.cleaned_data["survivor"]]


class CorrectionForm(forms.Form):
    """Approve or deny, whether the document proves it, and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verdict"] = ChoiceField(
            label=_("Your decision"),
            choices=[("approve", _("Approve")), ("deny", _("Deny"))],
        )
        self.fields["accepted"] = TickField(
            label=_("I accept the document as proof: a verified identity stays verified"), required=False
        )
        self.fields["reason"] = reason_field()
        self.fields["reason"].help_text = _(
            "What you checked. It stays on the ledger, and where you deny it is mailed to the person. No personal data."
        )
