"""What somebody at the desk types. `revision` and `digest` name what they saw: a form that changed since needs a new look."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ParagraphField, SelectField, TickField
from bailiwick.spot.helpdesk.words import STATES
from bailiwick.spot.rules.deciding import TEXT_LONGEST
from bailiwick.spot.rules.forms import State

REMARK = "remark_"


class SeenForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class TakeForm(forms.Form):
    """`instead_of`: from whose hands, as the page showed it; "" where nobody had it."""

    instead_of = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)


class ApproveForm(SeenForm):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    route = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    reason = ParagraphField(
        label=_("Why you approve over the warnings"),
        max_length=TEXT_LONGEST,
        rows=3,
        help_text=_("It stays with the form and on the ledger."),
    )

    def __init__(self, *arguments: Any, has_cautions: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if not has_cautions:
            del self.fields["reason"]


class DenyForm(SeenForm):
    reason = ParagraphField(
        label=_("Reason for denial"),
        max_length=TEXT_LONGEST,
        rows=3,
        help_text=_("It is mailed to the contact. Say what is wrong and what to do instead."),
    )


class CallbackForm(SeenForm):
    called = TickField(label=_("I called the number on file, not a number from the form"))
    note = ParagraphField(
        label=_("With whom you spoke, and what was said"),
        max_length=TEXT_LONGEST,
        rows=3,
        help_text=_("It stays with the signature as evidence."),
    )


class ReturnForm(SeenForm):
    """A remark for each field of the form (all may be empty), and a note on the whole."""

    note = ParagraphField(
        label=_("Note on the whole form"),
        required=False,
        max_length=TEXT_LONGEST,
        rows=3,
        help_text=_("It is mailed together with the remarks."),
    )

    def __init__(self, *arguments: Any, fields: Iterable[Any], **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field in fields:
            self.fields[f"{REMARK}{field.code}"] = ParagraphField(
                label=_("Remark on “%(field)s”") % {"field": field.label},
                required=False,
                max_length=TEXT_LONGEST,
                rows=2,
            )

    @property
    def remarks(self) -> dict[str, str]:
        """Remarks by field code, empty ones too."""
        return {
            name.removeprefix(REMARK): text
            for name, text in self.cleaned_data.items()
            if name.startswith(REMARK)
        }


class InboxForm(forms.Form):
    """What of the inbox is shown; a filter is a link that can be kept, so this form is sent by GET."""

    state = SelectField(
        label=_("State"),
        required=False,
        empty=_("What waits"),
        choices=[
            (state.value, words)
            for state, (words, _kind) in STATES.items()
            if state not in (State.DRAFT, State.AWAITING_SIGNATURE)
        ],
    )
    age = SelectField(
        label=_("Submitted"),
        required=False,
        empty=_("At any time"),
        choices=[
            ("2", _("2 days ago or earlier")),
            ("5", _("5 days ago or earlier")),
            ("10", _("10 days ago or earlier")),
        ],
    )
    kind = SelectField(label=_("Form"), required=False)

    def __init__(self, *arguments: Any, kinds: Iterable[Any], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["kind"].choices = [("", _("All forms")), *((kind.code, kind.name) for kind in kinds)]
