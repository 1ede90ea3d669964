"""The words of the security questions (P-10)."""

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.rules.signin import QUESTIONS

_WORDS = {
    "first_job_town": _("In what town was your first job?"),
    "childhood_street": _("On what street did you live when you were ten?"),
    "first_concert": _("What was the first concert you went to?"),
    "favorite_teacher": _("What is the last name of your favorite teacher?"),
    "first_pet": _("What was the name of your first pet?"),
    "oldest_cousin": _("What is the first name of your oldest cousin?"),
    "wedding_town": _("In what town did your parents marry?"),
    "dream_job": _("As a child, what did you want to become?"),
}
QUESTION_WORDS = tuple((code, _WORDS[code]) for code in QUESTIONS)
