"""What somebody at the desk types. `revision` and `digest` name what they saw: a form that changed since needs a new look."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ChoiceField, ParagraphField, SelectField, TextField, TickField
from bailiwick.spot.forms.kind_words import called
from bailiwick.spot.helpdesk.words import STATES
from bailiwick.spot.rules.deciding import TEXT_LONGEST
from bailiwick.spot.rules.forms import State
from bailiwick.wire.provisioning import SUBMITTER_ID

REMARK = "remark_"
WHOLE = re.compile(r"[0-9]{1,18}")
MINE, NOBODYS = "me", "nobody"


class SeenForm(forms.Form):
    """An act on what somebody saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    @property
    def said(self) -> dict[str, Any]:
        """What the action of this form is told, by its names. Only after `is_valid()`."""
        return {"seen_revision": self.cleaned_data["revision"], **self._typed}

    @property
    def _typed(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"]}


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

    @property
    def _typed(self) -> dict[str, Any]:
        typed = self.cleaned_data
        seen = {"seen_signature_digest": typed["digest"], "seen_route": typed["route"]}
        return {"reason": typed.get("reason", ""), **seen}


class DenyForm(SeenForm):
    reason = ParagraphField(
        label=_("Reason for denial"),
        max_length=TEXT_LONGEST,
        rows=3,
        help_text=_("It is mailed to the contact. Say what is wrong and what to do instead."),
    )

    @property
    def _typed(self) -> dict[str, Any]:
        return {"reason": self.cleaned_data["reason"]}


class CallbackForm(SeenForm):
    called = TickField(label=_("I called the number on file, not a number from the form"))
    note = ParagraphField(
        label=_("With whom you spoke, and what was said"),
        max_length=TEXT_LONGEST,
        rows=3,
        help_text=_("It stays with the signature as evidence."),
    )


class ConfirmForm(SeenForm):
    """What the desk compared of a form that was signed with a digital certificate."""

    compared = TickField(label=_("The certificate names the official of this form"))
    note = ParagraphField(
        label=_("What you compared, and where you looked it up"),
        max_length=TEXT_LONGEST,
        rows=3,
        help_text=_("It stays with the signature as evidence."),
    )


class SettleForm(SeenForm):
    """What the desk found out about the objections that stood on the page, by their numbers."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)
    called = TickField(label=_("I called the number on file, not a number from the form or the objection"))
    note = ParagraphField(
        label=_("With whom you spoke, and what you found out"),
        max_length=TEXT_LONGEST,
        rows=3,
        help_text=_("It stays with the signature as evidence."),
    )

    @property
    def _typed(self) -> dict[str, Any]:
        seen = {int(number) for number in self.cleaned_data["seen"].split() if WHOLE.fullmatch(number)}
        return {**super()._typed, "seen": seen}


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
    def _typed(self) -> dict[str, Any]:
        """Remarks by field code, empty ones too."""
        remarks = {
            name.removeprefix(REMARK): text
            for name, text in self.cleaned_data.items()
            if name.startswith(REMARK)
        }
        return {**super()._typed, "remarks": remarks}


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
    hands = SelectField(
        label=_("Taken by"),
        required=False,
        empty=_("Anybody or nobody"),
        choices=[(MINE, _("Me")), (NOBODYS, _("Nobody"))],
    )
    text = TextField(
        label=_("Tracking number, organization or contact"),
        required=False,
        max_length=100,
        width="large",
        help_text=_(
            "The beginnings of words are enough, three letters at least. Decided forms are found, too."
        ),
    )

    def __init__(self, *arguments: Any, kinds: Iterable[Any], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["kind"].choices = [("", _("All forms")), *((kind.code, called(kind)) for kind in kinds)]


class RegistryForm(forms.Form):
    """Whom to look for in the registry; sent by GET, so that a search can be kept."""

    text = TextField(
        label=_("Submitter ID, name, place, person, PTAN or NPI"),
        required=False,
        max_length=100,
        width="large",
        help_text=_("Of names the beginnings of words are enough, three letters at least."),
    )


class TimesForm(forms.Form):
    """Of which approvals, of which kind of form; sent by GET."""

    days = SelectField(
        label=_("Approved"),
        required=False,
        empty=_("In the last 90 days"),
        choices=[("30", _("In the last 30 days")), ("365", _("In the last 365 days"))],
    )
    kind = SelectField(label=_("Form"), required=False)

    def __init__(self, *arguments: Any, kinds: Iterable[Any], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["kind"].choices = [("", _("All forms")), *((kind.code, called(kind)) for kind in kinds)]


class ReportForm(forms.Form):
    """Of one organization, or of all; sent by GET."""

    submitter_id = TextField(label=_("Submitter ID"), required=False, max_length=20, width="small")

    def clean_submitter_id(self) -> str:
        """As it is written in records."""
        typed: str = self.cleaned_data["submitter_id"].upper()
        if typed and not SUBMITTER_ID.fullmatch(typed):
            raise forms.ValidationError(_("A submitter ID has letters from A to Z and digits only."))
        return typed


class GiveForm(forms.Form):
    """To which of the colleagues."""

    colleague = ChoiceField(label=_("Colleague"))

    def __init__(self, *arguments: Any, colleagues: Iterable[Any], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["colleague"].choices = [(str(one.pk), one.name) for one in colleagues]
