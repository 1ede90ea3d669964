"""What the ways back in ask for (P-7, P-8)."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import (
    ChoiceField,
    CodeField,
    EmailField,
    MemorableDateField,
    PasswordField,
    TextField,
)
from bailiwick.ground.pages.words import sentence_for
from bailiwick.idm.rules import signin
from bailiwick.idm.rules.factors import FactorKind
from bailiwick.idm.rules.passwords import Refusal
from bailiwick.idm.rules.signin import normalized_answer

LONGEST_TYPED = 150
CHANNEL_WORDS = {
    FactorKind.EMAIL: _("E-mail"),
    FactorKind.SMS: _("Text message"),
    FactorKind.VOICE: _("Phone call"),
}


def password_help() -> str | Promise:
    """What a new password has to be, under the policy of this deployment (P-1)."""
    limits = settings.LIMITS
    words = (
        _(
            "{least} to {most} characters with an upper-case letter, a lower-case letter and a digit. "
            "A few words work well."
        )
        if settings.PROFILE.composition_rules
        else _("{least} to {most} characters, of any kind. A few words work well.")
    )
    return format_lazy(words, least=limits.password_shortest, most=limits.password_longest)


class UserIdForm(forms.Form):
    """The first step: whether the user ID could exist is not said."""

    user_id = TextField(label=_("User ID"), max_length=LONGEST_TYPED, autocomplete="username")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user_id"].widget.attrs.update(autocapitalize="none", spellcheck="false")


class ChannelForm(forms.Form):
    """The three ways, always all of them."""

    channel = ChoiceField(label=_("How do you want to get the code?"), choices=tuple(CHANNEL_WORDS.items()))


class LadderCodeForm(forms.Form):
    code = CodeField(label=_("Enter Code"))


class AnswerForm(forms.Form):
    """Something only the holder knows; not asked for where the policy has no questions (P-10)."""

    answer = PasswordField(label=_("Answer to your security question"))

    def __init__(self, *args: Any, asks: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # No browser offers the old password here.
        self.fields["answer"].widget.attrs["autocomplete"] = "off"
        if not asks:
            del self.fields["answer"]

    def clean_answer(self) -> str:
        """What cannot be an answer costs no try."""
        answer, limits = self.cleaned_data["answer"], settings.LIMITS
        if not limits.answer_shortest <= len(normalized_answer(answer)) <= limits.answer_longest:
            facts = {"least": limits.answer_shortest, "most": limits.answer_longest}
            raise forms.ValidationError(sentence_for(signin.Refusal.ANSWER_LENGTH, **facts))
        return answer


class NewPasswordForm(AnswerForm):
    """The last step of a reset link and of Forgot Password (P-7): the answer and the new password."""

    new = PasswordField(label=_("New password"), new=True)
    again = PasswordField(label=_("Confirm new password"), new=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = password_help()

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if "new" in typed and "again" in typed and typed["new"] != typed["again"]:
            self.add_error("again", sentence_for(Refusal.NOT_THE_SAME))
        return typed


class ForgotUserIdForm(forms.Form):
    """Five facts that together point at one account (P-8)."""

    first = TextField(label=_("First name"), max_length=20, autocomplete="given-name")
    last = TextField(label=_("Last name"), max_length=25, autocomplete="family-name")
    birth_date = MemorableDateField(label=_("Birth date"))
    email = EmailField(label=_("E-mail address"))
    zip_code = TextField(
        label=_("ZIP code"),
        max_length=12,
        autocomplete="postal-code",
        width="small",
        help_text=_("Of your home address; outside the US, the postal code."),
    )
