"""What is typed before a case is open: name and mailbox of the contact, a tracking number, a code (F-9)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import CodeField, EmailField, TextField
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import Refused
from bailiwick.spot.rules.access import tracking_typed


class StartForm(forms.Form):
    contact_name = TextField(
        label=_("Your name"),
        max_length=100,
        autocomplete="name",
        help_text=_("First and last name. You are the contact person of this form until you name another."),
    )
    contact_email = EmailField(
        label=_("Your e-mail address"),
        help_text=_("The tracking number, the codes that open the form and all news go there."),
    )

    def refuse(self, refused: Refused) -> None:
        """Show a refusal where the person can act on it."""
        problems = refused.facts.get("problems")
        if not isinstance(problems, dict):
            self.add_error(None, sentence_for(refused.code, **refused.facts))
            return
        for name, code in problems.items():
            self.add_error(name if name in self.fields else None, sentence_for(code))


class TrackForm(forms.Form):
    tracking = TextField(
        label=_("Tracking number"),
        max_length=40,
        width="large",
        help_text=_("Like F-7K3M-94QX-4TCP. It is in the mail that you got when the form was started."),
    )

    def clean_tracking(self) -> str:
        tracking = tracking_typed(self.cleaned_data["tracking"])
        if not tracking:
            raise forms.ValidationError(
                _(
                    "This is not a tracking number. It starts with F, then come three groups of four letters or digits."
                ),
                code="invalid",
            )
        return tracking


class CodeForm(forms.Form):
    code = CodeField(label=_("Code"))
