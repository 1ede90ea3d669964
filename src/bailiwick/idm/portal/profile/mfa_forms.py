"""What adding and changing devices asks for (S-3)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ChoiceField, CodeField, Option, PhoneField, TextField
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.rules.factors import NAME_LONGEST, RECOVERY_LENGTH, FactorKind, Refusal

LONGEST_EXTENSION = 6
LONGEST_ANSWER = 16_384

# What each kind is, and whom it suits. In the order of the page: the strongest first.
KINDS = {
    FactorKind.PASSKEY: (
        _("Passkey or security key"),
        _(
            "Your phone or computer unlocks it with fingerprint, face or PIN, or you touch a key at the USB port. The safest, "
            "and it can sign you in without a password. For whoever has a device of their own, and for all who decide "
            "requests. Needs JavaScript."
        ),
    ),
    FactorKind.TOTP: (
        _("Authenticator app"),
        _(
            "A free app shows a new code of 6 digits every 30 seconds. Works without a phone signal, on a phone or an office "
            "computer. For whoever can install an app."
        ),
    ),
    FactorKind.SMS: (
        _("Code by text message"),
        _(
            "We text you a code. For a mobile phone of your own. Somebody who takes over your number gets the codes, so take "
            "one of the ways above if you can."
        ),
    ),
    FactorKind.VOICE: (
        _("Code by phone call"),
        _(
            "We call, and a voice says the code. For a desk phone without texts, with an extension if it has one, and for "
            "whoever hears better than they read."
        ),
    ),
    FactorKind.RECOVERY: (
        _("Recovery codes"),
        _(
            "Ten codes to print and lock away, for the day your devices are lost. For everybody, beside a device."
        ),
    ),
}


class KindForm(forms.Form):
    """Which kind of device; those that cannot be added now say why."""

    kind = ChoiceField(label=_("What do you want to add?"), choices=())

    def __init__(self, rulings: dict[FactorKind, Yes | No], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            Option(kind.value, *KINDS[kind], _why_not(ruling)) for kind, ruling in rulings.items()
        ]


def _why_not(ruling: Yes | No) -> str:
    return sentence_for(ruling.because, **ruling.facts) if isinstance(ruling, No) else ""


class NameForm(forms.Form):
    name = TextField(
        label=_("Name of the device"),
        max_length=NAME_LONGEST,
        help_text=_("So that you recognize it later, like: my phone."),
    )


class TextPhoneForm(NameForm):
    number = PhoneField(
        label=_("Mobile phone number"),
        help_text=_("10 digits, like 512 555 0142. Your carrier may charge for texts."),
    )
    field_order = ("number", "name")


class CallPhoneForm(NameForm):
    number = PhoneField(label=_("Phone number"), help_text=_("10 digits, like 512 555 0142."))
    extension = TextField(
        label=_("Extension"),
        required=False,
        max_length=LONGEST_EXTENSION,
        width="xs",
        inputmode="numeric",
        help_text=_("Up to 6 digits. We dial it after the call is answered."),
    )
    field_order = ("number", "extension", "name")

    def clean_extension(self) -> str:
        typed = str(self.cleaned_data["extension"])
        if typed and not (typed.isascii() and typed.isdecimal()):
            raise forms.ValidationError(_("Enter the digits of the extension only."), code="invalid")
        return typed


class NewPasskeyForm(NameForm):
    """`assertion`: what the passkey answered, as the browser's script wrote it; empty where it was not used."""

    assertion = forms.CharField(required=False, max_length=LONGEST_ANSWER, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if not self.errors and not typed.get("assertion"):
            self.add_error(None, sentence_for(Refusal.PASSKEY_NOT_GIVEN))
        return typed


class ConfirmForm(forms.Form):
    code = CodeField(label=_("Enter Code"))


class ConfirmSheetForm(forms.Form):
    """One of the codes typed back shows that they were kept."""

    code = TextField(
        label=_("Type one of the codes"),
        max_length=RECOVERY_LENGTH * 2,
        width="large",
        help_text=_("It shows that you kept them, and is not used up."),
    )


PHONE_FORMS = {FactorKind.SMS: TextPhoneForm, FactorKind.VOICE: CallPhoneForm}
