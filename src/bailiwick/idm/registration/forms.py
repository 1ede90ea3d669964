"""The first two steps' forms (R-1, R-2); the third has a file of its own.

What they check is shape and the rules' objections; what is allowed the rules say.
"""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import (
    DigitsField,
    EmailField,
    MemorableDateField,
    SelectField,
    TextField,
    TickField,
)
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import No, Yes
from bailiwick.idm.accounts.contact_form import ContactFields
from bailiwick.idm.rules import registration
from bailiwick.idm.rules.accounts import SUFFIXES, email_key, name_may_be, old_enough, ssn_may_be


def shown_again(form_class: type[forms.Form], kept: dict[str, Any]) -> dict[str, Any]:
    """Initial values that show a page as it was left."""
    fields = form_class.base_fields.items()
    return {name: field.widget.value_from_datadict(kept, {}, name) for name, field in fields if kept}


class StepForm(forms.Form):
    """A step's form. `known`: what the other steps were answered with; `today`: in the deployment's time zone."""

    def __init__(self, *args: Any, known: dict[str, dict[str, Any]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.today = known, today

    def hear(self, field: str, ruling: Yes | No) -> None:
        if isinstance(ruling, No):
            self.add_error(
                field,
                forms.ValidationError(sentence_for(ruling.because, **ruling.facts), code=ruling.because),
            )

    def kept(self, *, forgets: tuple[str, ...]) -> dict[str, Any]:
        """Each input as it was sent, accepted or not, but for those the step forgets: what the page shows on return."""
        names = [name for name in self.fields if name not in forgets]
        mine = (key for key in self.data if any(key == name or key.startswith(f"{name}_") for name in names))
        return {key: self.data[key] for key in mine if key not in forgets}

    def is_there(self, *names: str) -> bool:
        return all(name in self.cleaned_data for name in names)


class PersonalForm(StepForm):
    first_name = TextField(
        label=_("First name"),
        max_length=20,
        autocomplete="given-name",
        help_text=_("Your legal name. If you have one name only, type it as first and as last name."),
    )
    middle_name = TextField(
        label=_("Middle name"),
        max_length=20,
        required=False,
        autocomplete="additional-name",
        help_text=_("Also the second part of a given name of two words."),
    )
    last_name = TextField(label=_("Last name"), max_length=25, autocomplete="family-name")
    suffix = SelectField(
        label=_("Suffix"), required=False, choices=[(one, one) for one in SUFFIXES if one], empty=_("None")
    )
    birth_date = MemorableDateField(label=_("Birth date"), autocomplete="bday")
    ssn = DigitsField(
        label=_("Social Security number"),
        length=9,
        secret=True,
        help_text=format_lazy(
            _("{why} No number? You cannot register online: call the help desk."),
            why=_("9 digits. It ties the account to you, for life; we keep it encrypted."),
        ),
    )
    email = EmailField(
        label=_("E-mail address"), help_text=_("Codes and messages go there. Use a mailbox of your own.")
    )
    email_again = EmailField(label=_("Confirm e-mail address"))
    terms = TickField(label=_("I agree to the Terms & Conditions"))

    def __init__(self, *args: Any, kept_ssn: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_ssn = kept_ssn
        if settings.ENVIRONMENT.ssn_at != "registration":
            del self.fields["ssn"]
        elif kept_ssn:
            # Never sent back to the browser: the holder sees the last four only.
            words = _("The number you typed ends in {last_four}. Type it again only to change it.")
            self.fields["ssn"].required = False
            self.fields["ssn"].help_text = format_lazy(words, last_four=kept_ssn[-4:])

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        for name in ("first_name", "middle_name", "last_name"):
            if typed.get(name):
                self.hear(name, name_may_be(typed[name]))
        if typed.get("birth_date"):
            self.hear("birth_date", old_enough(typed["birth_date"], self.today, settings.LIMITS))
        if typed.get("ssn"):
            self.hear("ssn", ssn_may_be(typed["ssn"], development=settings.DEVELOPMENT))
        if self.is_there("email", "email_again") and email_key(typed["email"]) != email_key(
            typed["email_again"]
        ):
            self.hear("email_again", No(registration.Refusal.EMAIL_NOT_THE_SAME))
        return typed

    def kept(self, *, forgets: tuple[str, ...]) -> dict[str, Any]:
        """As ever, with the SSN as it was accepted: it is kept, but never shown again."""
        return {**super().kept(forgets=(*forgets, "ssn")), "ssn": self.accepted_ssn}

    @property
    def accepted_ssn(self) -> str:
        """Nine digits; "" where it is not asked, or was not accepted."""
        return getattr(self, "cleaned_data", {}).get("ssn") or self.kept_ssn


class ContactForm(ContactFields, StepForm):
    """The second step: shape and objections are those of every home address (A-8)."""
