"""What a decider, or a desk that cancels, types on a request's page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import MemorableDateField, ParagraphField
from bailiwick.idm.rules.requests import REASON_LONGEST


class DecisionForm(forms.Form):
    """`digest` names what was on the page: a request that changed since needs a new look (Q-6)."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)


class ApproveForm(DecisionForm):
    comment = ParagraphField(
        label=_("Comment"),
        required=False,
        max_length=REASON_LONGEST,
        rows=2,
        help_text=_("The requester reads it."),
    )
    ends_on = MemorableDateField(
        label=_("Last day of the role"),
        required=False,
        help_text=_("Only for a role that is to end by itself, for example with a contract."),
    )


class DenyForm(DecisionForm):
    reason = ParagraphField(
        label=_("Reason for denial"),
        max_length=REASON_LONGEST,
        rows=3,
        help_text=_("It is mailed to the requester. Say what is wrong and what to do instead."),
    )


class ChoiceForm(DecisionForm):
    """One request among many: whether it is meant, and what was shown of it. Its prefix is the request's number."""

    chosen = forms.BooleanField(required=False)


class ManyForm(forms.Form):
    """What goes with every request that is chosen."""

    reason = ParagraphField(
        label=_("Reason or comment"),
        required=False,
        max_length=REASON_LONGEST,
        rows=3,
        help_text=_("Needed to deny. It is mailed to every person whose request you chose."),
    )


class CancelForm(forms.Form):
    """A desk says why; the owner need not."""

    reason = ParagraphField(
        label=_("Reason for canceling"),
        max_length=REASON_LONGEST,
        rows=2,
        help_text=_("It is mailed to the requester and kept on the ledger."),
    )
