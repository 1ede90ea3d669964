"""The one renderer: a question of a form's schema becomes a field of a page, whatever the kind of form (F-1).

How an answer must look is decided in rules/answers.py alone; here is only how it is typed. A TIN on file never goes
back into a page: its field stays empty, and empty it keeps what is on file.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ChoiceField, Option, SelectField, TextField, TickField
from bailiwick.ground.pages.languages import translated
from bailiwick.ground.pages.widgets import SecretInput, TextInput
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.rulings import No
from bailiwick.spot.rules.answers import normalized
from bailiwick.spot.rules.schema import Field, FieldType
from bailiwick.spot.rules.states import STATES

YES, NO = "yes", "no"
WIDTHS = {
    FieldType.PHONE: "medium",
    FieldType.EXTENSION: "xs",
    FieldType.ZIP: "small",
    FieldType.PTAN: "medium",
    FieldType.NPI: "medium",
    FieldType.TIN: "medium",
    FieldType.SUBMITTER_ID: "medium",
    FieldType.DAY: "medium",
}
NUMERIC = frozenset({FieldType.EXTENSION, FieldType.ZIP, FieldType.NPI, FieldType.TIN})
INPUT_TYPES = {FieldType.EMAIL: "email", FieldType.PHONE: "tel"}


class TypedAnswer(TextField):
    """A typed answer: readable, and of the shape that its type has."""

    def __init__(self, question: Field, **options: Any) -> None:
        self.question = question
        numeric = {"inputmode": "numeric"} if question.type in NUMERIC else {}
        super().__init__(max_length=question.max_length, **numeric, **options)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        read = normalized(self.question, typed)
        if isinstance(read, No):
            raise objection(read)
        return read


def objection(found: No) -> ValidationError:
    """What is wrong with an answer, as a sentence at its field."""
    return ValidationError(sentence_for(found.because, **found.facts), code=str(found.because))


def field_of(question: Field, *, kept: str, remark: str, is_needed: bool) -> forms.Field:
    """The page's field. `kept` is the answer on file; `is_needed`: whether leaving it out is refused here."""
    hint: Any = question.help
    if question.type is FieldType.TIN and kept:
        is_needed = False
        hint = gettext(
            "The number on file ends in %(last_four)s. Leave this empty to keep it, or type all nine digits to change it."
        ) % {"last_four": kept[-4:]}
    if remark:
        words = gettext("The help desk says:")
        hint = format_html("<strong>{} {}</strong><br>{}", words, remark, hint)
    options = {
        "label": question.label,
        "help_text": hint,
        "required": is_needed and question.required,
    }
    field = _of_type(question, options)
    # Saved half-way, an answer may be missing; that does not make the question an optional one.
    if question.required or question.type is FieldType.TIN:
        field.label = question.label
    return field


def _of_type(question: Field, options: dict[str, Any]) -> forms.Field:
    if question.type is FieldType.TICK:
        return TickField(**options)
    if question.type is FieldType.YES_NO:
        return ChoiceField(choices=[Option(YES, _("Yes")), Option(NO, _("No"))], **options)
    if question.type is FieldType.CHOICE:
        choices = [Option(one.value, one.label, one.description) for one in question.choices]
        return ChoiceField(choices=choices, **options)
    if question.type is FieldType.SELECT:
        return SelectField(choices=[(one.value, one.label) for one in question.choices], **options)
    if question.type is FieldType.STATE:
        return SelectField(choices=[(code, translated(name)) for code, name in STATES.items()], **options)
    return TypedAnswer(question, widget=_input(question), **options)


def _input(question: Field) -> forms.Widget:
    width = WIDTHS.get(question.type, "")
    if question.type is FieldType.TIN:
        # Shown again only to whoever has just sent it, beside the sentence about another field.
        return SecretInput(render_value=True)
    attributes = {"autocapitalize": "none", "spellcheck": "false"} if question.type in INPUT_TYPES else {}
    return TextInput(attributes, width=width, input_type=INPUT_TYPES.get(question.type, "text"))


def initial_of(question: Field, kept: str) -> Any:
    """What the field shows of the answer on file."""
    if question.type is FieldType.TICK:
        return kept == YES
    return "" if question.type is FieldType.TIN else kept or question.default


def answer_of(question: Field, cleaned: Any, kept: str) -> str:
    """The answer to save, as the engine stores it."""
    if question.type is FieldType.TICK:
        return YES if cleaned else ""
    return str(cleaned or "") or (kept if question.type is FieldType.TIN else "")
