"""What the error summary lists: one line per error, linked to the input it is about."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms


class ErrorLine(NamedTuple):
    """`target`: id of the input to go to; "" where the error is about the form as a whole."""

    message: str
    target: str


def error_lines(form: forms.BaseForm) -> list[ErrorLine]:
    """The errors in reading order: first those of the whole form, then field by field."""
    lines = [ErrorLine(message, "") for message in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else first_input(bound)
        lines += [ErrorLine(message, target) for message in bound.errors]
    return lines


def first_input(bound: forms.BoundField) -> str:
    """The id of the first input that has an error of this field; groups have no label to ask for it."""
    widget = bound.field.widget
    if isinstance(widget, (forms.RadioSelect, forms.MultiWidget)):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def forms_with_errors(context: Mapping[str, Any]) -> bool:
    """Whether any form of the page was sent and refused."""
    return any(
        isinstance(one, forms.BaseForm) and one.is_bound and bool(one.errors) for one in context.values()
    )
