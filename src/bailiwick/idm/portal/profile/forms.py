"""What My Profile asks for (R-8, R-9, S-3)."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.outbox.catalogue import optional_kinds
from bailiwick.ground.pages.fields import (
    ChoiceField,
    CodeField,
    EmailField,
    PasswordField,
    PhoneField,
    SelectField,
    TextField,
    TickField,
)
from bailiwick.ground.pages.languages import translated
from bailiwick.ground.pages.words import sentence_for
from bailiwick.idm.accounts.contact import Contact
from bailiwick.idm.accounts.contact_form import ABROAD, ContactFields
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.factors import NAME_LONGEST
from bailiwick.idm.rules.mailboxes import Refusal as MailboxRefusal
from bailiwick.idm.rules.passwords import Refusal
from bailiwick.idm.signin.queries import security_questions


class ContactForm(ContactFields):
    """Personal contact information but for the mailbox (R-9). `facts()` of a valid one goes to `accounts.contact`."""

    field_order = ["preferred_name"]

    preferred_name = TextField(
        label=_("Preferred name"),
        max_length=40,
        required=False,
        help_text=_("What we call you on pages. Your legal name stays as it is."),
    )
    language = ChoiceField(label=_("Language of our messages"), choices=settings.LANGUAGES)

    @staticmethod
    def of(contact: Contact) -> dict[str, Any]:
        """The form's initial values."""
        home = contact.address
        kept = {name: getattr(home, name) for name in ("line_1", "line_2", "city", "zip")}
        return {
            **kept,
            "preferred_name": contact.preferred_name,
            "in_us": "yes" if home.is_us else "no",
            "state": home.state if home.is_us else ABROAD,
            "country": "" if home.is_us else home.country,
            "phone": contact.phone,
            "text_capable": "yes" if contact.text_capable else "no",
            "language": contact.language,
        }

    def contact(self) -> Contact:
        """What was typed, as it is to be stored."""
        typed = self.cleaned_data
        return Contact(
            address=self.address(),
            phone=typed["phone"],
            text_capable=typed["text_capable"] == "yes",
            preferred_name=typed["preferred_name"],
            language=typed["language"],
        )


class NoticesForm(forms.Form):
    """A tick for each optional kind of notice, and the language of all."""

    language = ChoiceField(label=_("Language of our messages"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kinds = optional_kinds()
        for kind in self.kinds:
            self.fields[f"mail_{kind.name}"] = TickField(label=translated(kind.label), required=False)

    @staticmethod
    def of(language: str, declined: Collection[str]) -> dict[str, Any]:
        """The form's initial values."""
        ticks = {f"mail_{kind.name}": kind.name not in declined for kind in optional_kinds()}
        return {"language": language, **ticks}

    def declined(self) -> list[str]:
        """The names of what was not ticked."""
        return [kind.name for kind in self.kinds if not self.cleaned_data[f"mail_{kind.name}"]]


class EmailChangeForm(forms.Form):
    email = EmailField(
        label=_("New e-mail address"), help_text=_("Use a mailbox of your own. We send a link there.")
    )
    email_again = EmailField(label=_("Confirm new e-mail address"))

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if "email" in typed and "email_again" in typed and typed["email"] != typed["email_again"]:
            self.add_error("email_again", sentence_for(MailboxRefusal.EMAIL_NOT_TYPED_TWICE))
        return typed


class QuestionForm(forms.Form):
    question = SelectField(label=_("Security question"), choices=security_questions())
    answer = PasswordField(
        label=_("Answer"), help_text=_("4 to 100 characters. Upper and lower case do not matter.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].widget.attrs["autocomplete"] = "off"


class BusinessForm(forms.Form):
    """All optional (R-8). Field names are the account's columns."""

    business_employer = TextField(
        label=_("Employer"), max_length=100, required=False, autocomplete="organization"
    )
    business_title = TextField(
        label=_("Title"), max_length=60, required=False, autocomplete="organization-title"
    )
    business_address = TextField(label=_("Business address"), max_length=200, required=False)
    business_phone = PhoneField(label=_("Business phone"), required=False, autocomplete="off")
    business_extension = TextField(
        label=_("Extension"), max_length=6, required=False, width="xs", inputmode="numeric"
    )
    business_fax = PhoneField(label=_("Fax"), required=False, autocomplete="off")
    business_email = EmailField(label=_("Business e-mail"), required=False, autocomplete="off")

    @staticmethod
    def of(account: Account) -> dict[str, Any]:
        """The form's initial values."""
        return {name: getattr(account, name) for name in BusinessForm.base_fields}


class PasswordForm(forms.Form):
    current = PasswordField(label=_("Current password"))
    new = PasswordField(
        label=_("New password"),
        new=True,
        help_text=_(
            "15 to 60 characters with an upper-case letter, a lower-case letter and a digit. A few words work well."
        ),
    )
    again = PasswordField(label=_("Confirm new password"), new=True)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if "new" in typed and "again" in typed and typed["new"] != typed["again"]:
            self.add_error("again", sentence_for(Refusal.NOT_THE_SAME))
        return typed


class DeviceForm(forms.Form):
    name = TextField(
        label=_("Name of the device"),
        max_length=NAME_LONGEST,
        help_text=_("So that you recognize it later, like: my phone."),
    )


class ConfirmForm(forms.Form):
    code = CodeField(label=_("Enter Code"))
