"""What an official says and types to sign a form (F-8)."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ChoiceField, CodeField, Option, TextField, TickField
from bailiwick.ground.uploads.fields import DocumentField
from bailiwick.ground.uploads.rules import Kind

DIGEST = 64


class SignForm(forms.Form):
    """`digest` names the form that was on the page: signing another one is refused. `read_in`: the page's language."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=DIGEST, required=False)
    read_in = forms.CharField(widget=forms.HiddenInput, max_length=5, required=False)
    title = TickField(error_messages={"required": _("Confirm your name and title to sign.")})
    standing = ChoiceField(
        label=_("By what right do you sign?"),
        choices=[
            Option(
                "authorized",
                _("I am an authorized official"),
                _("An owner, partner, chief executive or chief financial officer, or somebody of like rank."),
            ),
            Option(
                "delegated",
                _("I am a delegated official"),
                _("An authorized official named me to sign, and the payer has that on file."),
            ),
        ],
    )
    full_name = TextField(label=_("Full name"), max_length=200, autocomplete="off")
    code = CodeField(label=_("Code"), help_text=_("The 6 digits that we sent to your mailbox."))

    def __init__(self, *args: Any, name: str, title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].label = format_lazy(
            _("I am {name}, and my title is {title}."), name=name, title=title
        )
        self.fields["full_name"].help_text = format_lazy(
            _("Type your name as the form has it: {name}."), name=name
        )


class DocumentForm(forms.Form):
    """The document that an official signed with a certificate of their own."""

    document = DocumentField(
        label=_("Signed document"), kinds=(Kind.PDF,), help_text=_("The PDF as your program saved it.")
    )
