"""What sign-in asks for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import CodeField, PasswordField, TextField, TickField
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import Refused
from bailiwick.idm.rules.factors import Refusal as FactorRefusal
from bailiwick.idm.signin.ceremonies import LONGEST_ANSWER

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


class RecoveryForm(forms.Form):
    """One of the recovery codes, with or without its hyphens."""

    code = TextField(
        label=_("Recovery code"),
        max_length=40,
        width="large",
        help_text=_("16 letters and digits, as printed. Each code works once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(autocapitalize="characters", spellcheck="false")


class PasskeyForm(forms.Form):
    """What a passkey answered, as the browser's script wrote it; empty where it was not used."""

    assertion = forms.CharField(required=False, max_length=LONGEST_ANSWER, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if not self.errors and not typed.get("assertion"):
            self.add_error(None, sentence_for(FactorRefusal.PASSKEY_NOT_GIVEN))
        return typed


class PasskeySignInForm(PasskeyForm):
    """The same at the sign-in page; the terms are ticked there, too (S-4)."""

    terms = TickField(label=_("I agree to the Terms & Conditions"))


def refuse(form: forms.Form, refused: Refused, field: str | None = None) -> None:
    """Put the words of a refusal on the form, at `field` or above all."""
    form.add_error(field, sentence_for(refused.code, **refused.facts))
