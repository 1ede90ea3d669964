"""The third step's form: user ID, password and, where the policy has one, the security question (R-1, R-3, P-1, P-10)."""

from typing import Any

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import PasswordField, SelectField, TextField
from bailiwick.ground.rulings import No
from bailiwick.idm.registration.forms import StepForm
from bailiwick.idm.rules import passwords, registration, signin
from bailiwick.idm.rules.passwords import Owner
from bailiwick.idm.signin.queries import password_objections, security_questions

COMPOSED = _(
    "{least} to {most} characters with an upper-case letter, a lower-case letter and a digit. A few words work well."
)
FREE = _("{least} to {most} characters of any kind. A few words work well.")


class PasswordStepForm(StepForm):
    """`known["personal"]`: the answers of the first step, as they were typed."""

    user_id = TextField(
        label=_("User ID"),
        max_length=74,
        autocomplete="username",
        help_text=_(
            "6 to 74 characters: letters from A to Z, digits, and - _ ' . between them. "
            "It can be your e-mail address. It stays yours for life."
        ),
    )
    password = PasswordField(label=_("Password"), new=True)
    password_again = PasswordField(label=_("Confirm password"), new=True)
    question = SelectField(label=_("Security question"), choices=security_questions())
    answer = PasswordField(
        label=_("Answer"), help_text=_("4 to 100 characters. Upper and lower case do not matter.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user_id"].widget.attrs.update(
            {
                "autocapitalize": "none",
                "spellcheck": "false",
                "hx-post": "/register/user-id/",
                "hx-trigger": "change",
                "hx-target": "#user-id-said",
                # Of the form around it nothing else is sent: no password travels to be asked about a user ID.
                "hx-params": "user_id,csrfmiddlewaretoken",
            }
        )
        words = COMPOSED if settings.PROFILE.composition_rules else FREE
        limits = settings.LIMITS
        self.fields["password"].help_text = format_lazy(
            words, least=limits.password_shortest, most=limits.password_longest
        )
        if settings.PROFILE.security_question:
            self.fields["answer"].widget.attrs["autocomplete"] = "off"
        else:
            del self.fields["question"], self.fields["answer"]

    @property
    def own_email(self) -> str:
        return str(self.known["personal"]["email"]).strip()

    def clean(self) -> dict[str, Any]:
        typed, personal = super().clean(), self.known["personal"]
        # Taken first: a value that is objected to leaves `cleaned_data`.
        user_id, password = typed.get("user_id", ""), typed.get("password", "")
        if user_id:
            for objection in registration.user_id_objections(user_id, self.own_email, settings.LIMITS):
                self.hear("user_id", objection)
        if password:
            owner = Owner(user_id, personal["first_name"], personal["last_name"])
            for objection in password_objections(password, owner):
                self.hear("password", objection)
            if typed.get("password_again", password) != password:
                self.hear("password_again", No(passwords.Refusal.NOT_THE_SAME))
        if self.is_there("question", "answer"):
            self.hear("answer", signin.may_be_answer(typed["question"], typed["answer"], settings.LIMITS))
        return typed
