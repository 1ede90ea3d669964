"""What sign-in asks for."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import CodeField, PasswordField, TextField, TickField
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import Refused
from bailiwick.idm.rules import signin
from bailiwick.idm.rules.passwords import Refusal
from bailiwick.idm.rules.signin import normalized_answer

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


class ResetForm(forms.Form):
    """What a reset link asks for (P-7): something only the holder knows, and the new password."""

    answer = PasswordField(label=_("Answer to your security question"))
    new = PasswordField(
        label=_("New password"),
        new=True,
        help_text=_(
            "15 to 60 characters with an upper-case letter, a lower-case letter and a digit. A few words work well."
        ),
    )
    again = PasswordField(label=_("Confirm new password"), new=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # No browser offers the old password here.
        self.fields["answer"].widget.attrs["autocomplete"] = "off"

    def clean_answer(self) -> str:
        """What cannot be an answer costs no try."""
        answer, limits = self.cleaned_data["answer"], settings.LIMITS
        if not limits.answer_shortest <= len(normalized_answer(answer)) <= limits.answer_longest:
            facts = {"least": limits.answer_shortest, "most": limits.answer_longest}
            raise forms.ValidationError(sentence_for(signin.Refusal.ANSWER_LENGTH, **facts))
        return answer

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if "new" in typed and "again" in typed and typed["new"] != typed["again"]:
            self.add_error("again", sentence_for(Refusal.NOT_THE_SAME))
        return typed


def refuse(form: forms.Form, refused: Refused, field: str | None = None) -> None:
    """Put the words of a refusal on the form, at `field` or above all."""
    form.add_error(field, sentence_for(refused.code, **refused.facts))
