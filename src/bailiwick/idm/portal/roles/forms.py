"""What a person confirms when giving up a role."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ParagraphField, TickField
from bailiwick.idm.rules.requests import REASON_LONGEST


class GiveUpForm(forms.Form):
    reason = ParagraphField(label=_("Reason"), required=False, max_length=REASON_LONGEST, rows=2)
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
