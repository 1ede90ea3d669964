"""What a person says about a role of theirs: giving it up, its last day, and what the application file marks free."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import (
    MemorableDateField,
    ParagraphField,
    SelectField,
    TextField,
    TickField,
)
from bailiwick.ground.pages.languages import translated
from bailiwick.idm.rules.catalogue import FreeAttribute
from bailiwick.idm.rules.modifying import ATTRIBUTE_LONGEST
from bailiwick.idm.rules.requests import REASON_LONGEST


class GiveUpForm(forms.Form):
    reason = ParagraphField(label=_("Reason"), required=False, max_length=REASON_LONGEST, rows=2)
    none_left = TickField(
        label=_(
            "I understand that this organization will have no approver: nobody there can decide who comes in"
        ),
        required=False,
    )

    def __init__(self, *args: object, leaves_no_approver: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if leaves_no_approver:
            self.fields["none_left"].required = True
        else:
            del self.fields["none_left"]


class EndDateForm(GiveUpForm):
    """The holder's own last day; without one the role goes on, if it had none before."""

    ends_on = MemorableDateField(
        label=_("Last day"),
        help_text=_("The role still counts on this day. For example: 4 28 2027"),
    )
    field_order = ("ends_on", "reason", "none_left")


class ModifyForm(forms.Form):
    """One field for each attribute that the application file marks free (Q-7), by its code."""

    def __init__(self, *args: object, free: tuple[FreeAttribute, ...], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for attribute in free:
            self.fields[attribute.code] = _field(attribute)


def _field(attribute: FreeAttribute) -> forms.Field:
    label, help_text = translated(attribute.label), translated(attribute.help)
    if attribute.choices:
        choices = [(choice, translated(choice)) for choice in attribute.choices]
        return SelectField(label=label, choices=choices, help_text=help_text, required=False)
    return TextField(label=label, max_length=ATTRIBUTE_LONGEST, help_text=help_text, required=False)
