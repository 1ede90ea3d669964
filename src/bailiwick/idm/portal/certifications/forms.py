"""What a certifier types: of one role, or of all that they looked at in a list."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ParagraphField, SelectField
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.portal.requests.forms import DecisionForm
from bailiwick.idm.rules.requests import REASON_LONGEST


class KeepForm(DecisionForm):
    """To certify a role, or to restore one that nobody certified in time. `digest` names what was on the page."""

    comment = ParagraphField(
        label=_("Comment"),
        required=False,
        max_length=REASON_LONGEST,
        rows=2,
        help_text=_("It is kept with the certification, for whoever asks why the person has the role."),
    )


class TakeForm(forms.Form):
    reason = ParagraphField(
        label=_("Reason for removing"),
        max_length=REASON_LONGEST,
        rows=2,
        help_text=_("It is mailed to the person."),
    )


class HandForm(forms.Form):
    """`others`: the approvers to whom the line can be left."""

    to = SelectField(label=_("Who should decide"))
    why = ParagraphField(
        label=_("What they should know"),
        required=False,
        max_length=REASON_LONGEST,
        rows=2,
        help_text=_("It is mailed to them."),
    )

    def __init__(self, *sent: object, others: Iterable[Account], **options: object) -> None:
        super().__init__(*sent, **options)
        self.others = {str(one.pk): one for one in others}
        self.fields["to"].choices = [(key, full_name(one)) for key, one in self.others.items()]

    @property
    def chosen(self) -> Account:
        return self.others[self.cleaned_data["to"]]


class LookedAtForm(DecisionForm):
    """One role of the list: that it was looked at, and what was shown of it. Its prefix is the role's id."""

    seen = forms.BooleanField(required=False)


class ManyForm(forms.Form):
    """What goes with every role that was looked at."""

    reason = ParagraphField(
        label=_("Comment, or reason for removing"),
        required=False,
        max_length=REASON_LONGEST,
        rows=3,
        help_text=_("Needed to remove, and then mailed to every person whose role you ticked."),
    )
