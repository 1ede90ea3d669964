"""What sign-in asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import CodeField, PasswordField, TextField, TickField
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import Refused

LONGEST_TYPED = 150


class SignInForm(forms.Form):
    """User ID and password as typed: whether they could exist is not said (S-5)."""

    user_id = TextField(label=_("User ID"), max_length=LONGEST_TYPED, autocomplete="username")
    password = PasswordField(label=_("Password"))
    terms = TickField(label=_("I agree to the Terms & Conditions"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user_id"].widget.attrs.update(autocapitalize="none", spellcheck="false")


class CodeForm(forms.Form):
    """A one-time code, from a message or an authenticator app."""

    code = CodeField(label=_("Enter Code"))


def refuse(form: forms.Form, refused: Refused, field: str | None = None) -> None:
    """Put the words of a refusal on the form, at `field` or above all."""
    form.add_error(field, sentence_for(refused.code, **refused.facts))
