"""The registration of one visitor as its pages see it: key, draft, answers, the form of a step (R-1)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bailiwick.idm.accounts.queries import terms_in_force
from bailiwick.idm.registration import queries
from bailiwick.idm.registration.deciding import Registration
from bailiwick.idm.registration.forms import ContactForm, PersonalForm, StepForm, shown_again
from bailiwick.idm.registration.models import Draft
from bailiwick.idm.registration.password_form import PasswordStepForm
from bailiwick.idm.rules.accounts import PersonalFacts
from bailiwick.idm.rules.registration import STEPS, Step, furthest

FORMS: dict[str, type[StepForm]] = {
    "personal": PersonalForm,
    "contact": ContactForm,
    "password": PasswordStepForm,
}
HEADINGS = {
    "personal": _("Personal Information"),
    "contact": _("Contact Information"),
    "password": _("User ID and Password"),
}
URLS = {"personal": "/register/", "contact": "/register/contact/", "password": "/register/password/"}


@dataclass
class Journey:
    """`draft` is None before the first step was sent."""

    draft: Draft | None
    answers: queries.Answers
    now: datetime

    @classmethod
    def of(cls, request: HttpRequest, now: datetime) -> "Journey":
        draft = queries.draft_of(request.COOKIES.get(cookie_name(), ""), now=now)
        return cls(draft, queries.answers(draft), now)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def furthest(self) -> Step:
        return furthest(queries.answered(self.draft))

    def form(self, step: Step, data: Any = None) -> StepForm:
        """The step's form: bound to `data`, or showing the kept answers."""
        kept = self.answers.get(step.name, {})
        options: dict[str, Any] = {"known": self.answers, "today": self.today}
        if step.name == "personal":
            options["kept_ssn"] = kept.get("ssn", "")
        if step.name == "password":
            self._require("personal")
        form_class = FORMS[step.name]
        return form_class(data, initial=shown_again(form_class, kept), **options)

    def _accepted(self, name: str) -> StepForm:
        """A step sent before, checked once more: a birthday or a rule may lie between."""
        kept = self._require(name)
        step = next(step for step in STEPS if step.name == name)
        form = self.form(step, {key: value for key, value in kept.items() if key != "ssn"})
        if not form.is_valid():
            raise LookupError(name)
        return form

    def _require(self, name: str) -> dict[str, Any]:
        """What was kept of a step. Raises LookupError where there is nothing."""
        return self.answers[name]

    def registration(self, form: StepForm, *, language: str) -> Registration:
        """All answers together; `language`: of the notices. Raises LookupError naming the step that no longer holds."""
        personal, contact, typed = self._accepted("personal"), self._accepted("contact"), form.cleaned_data
        return Registration(
            facts=_facts(personal, contact),
            text_capable=contact.cleaned_data["text_capable"] == "yes",
            # The version that was ticked; if a newer one came since, the next sign-in asks for that.
            terms_version=self._require("personal")["terms_version"],
            user_id=typed["user_id"],
            password=typed["password"],
            question=typed.get("question", ""),
            answer=typed.get("answer", ""),
            language=language,
        )

    def kept_of(self, step: Step, form: StepForm) -> dict[str, Any]:
        """What is remembered of a step as it was sent, and which terms were shown with it."""
        kept = form.kept(forgets=step.forgets)
        return kept | {"terms_version": terms_in_force().version} if step is STEPS[0] else kept

    def steps(self, current: Step) -> list[tuple[Any, str]]:
        """For the step indicator: (heading, done | current | todo)."""
        done = queries.answered(self.draft)
        return [
            (HEADINGS[step.name], "current" if step is current else "done" if step.name in done else "todo")
            for step in STEPS
        ]


def _facts(personal: StepForm, contact: StepForm) -> PersonalFacts:
    typed = personal.cleaned_data
    return PersonalFacts(
        first=typed["first_name"],
        middle=typed["middle_name"],
        last=typed["last_name"],
        suffix=typed["suffix"],
        birth_date=typed["birth_date"],
        ssn=personal.accepted_ssn,
        address=contact.address(),
        phone=contact.cleaned_data["phone"],
        email=typed["email"],
    )


def cookie_name() -> str:
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}{settings.PROGRAM}_registration"


def set_cookie(response: HttpResponse, key: str) -> None:
    """Give the browser the key of its registration; it ends with the browser."""
    response.set_cookie(
        cookie_name(), key, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
    )


def clear_cookie(response: HttpResponse) -> None:
    response.delete_cookie(cookie_name(), samesite="Lax")
    # A browser ignores any Set-Cookie of a `__Host-` name, deletion too, that is not marked secure.
    response.cookies[cookie_name()]["secure"] = settings.SESSION_COOKIE_SECURE or ""
