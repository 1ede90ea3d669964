"""What is typed under Help Desk / Manage Users."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ParagraphField, TextField, TickField
from bailiwick.idm.rules.requests import REASON_LONGEST


class SearchForm(forms.Form):
    text = TextField(label=_("Search for a person"), max_length=200, min_length=2)

    def __init__(self, *args: object, is_desk: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = (
            _("User ID, name, e-mail, confirmation number, organization or submitter ID.")
            if is_desk
            else _("Name or user ID, among the people of your organizations.")
        )


class RemoveForm(forms.Form):
    reason = ParagraphField(
        label=_("Reason"),
        max_length=REASON_LONGEST,
        rows=3,
        help_text=_("It is mailed to the person and kept on the ledger."),
    )
    none_left = TickField(
        label=_(
            "I understand that this organization will have no approver: nobody there can decide who comes in"
        ),
        required=False,
    )

    def __init__(self, *args: object, leaves_no_approver: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if leaves_no_approver:
            self.fields["none_left"].required = True
        else:
            del self.fields["none_left"]
