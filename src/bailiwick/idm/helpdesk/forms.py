"""What is typed under Help Desk / Manage Users."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import (
    CodeField,
    EmailField,
    MemorableDateField,
    ParagraphField,
    TextField,
    TickField,
)
from bailiwick.ground.pages.words import sentence_for
from bailiwick.idm.rules import exports
from bailiwick.idm.rules.desk import REASON_SHORTEST
from bailiwick.idm.rules.requests import REASON_LONGEST


def reason_field() -> ParagraphField:
    return ParagraphField(
        label=_("Reason"),
        min_length=REASON_SHORTEST,
        max_length=REASON_LONGEST,
        rows=2,
        help_text=_(
            "It stays on the ledger: why you do this, or the number of the call. No personal data, please."
        ),
    )


class SearchForm(forms.Form):
    """A desk says why it looks (H-3); an approver's look at their own people needs no reason."""

    text = TextField(label=_("Search for a person"), max_length=200, min_length=2)

    def __init__(self, *args: object, is_desk: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = (
            _(
                "User ID, name, e-mail, confirmation number, organization, submitter ID or review reference number."
            )
            if is_desk
            else _("Name or user ID, among the people of your organizations.")
        )
        if is_desk:
            self.fields["reason"] = reason_field()


class OrganizationForm(forms.Form):
    text = TextField(
        label=_("Search for an organization"),
        max_length=200,
        min_length=3,
        help_text=_("Legal business name or submitter ID."),
    )


class ReasonForm(forms.Form):
    """An act of a desk, and why."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field()


class MailboxForm(ReasonForm):
    """The mailbox that the person has now; nobody offers to fill it in."""

    email = EmailField(label=_("New e-mail address"), autocomplete="off")
    field_order = ("email", "reason")


class CallerForm(forms.Form):
    """What the caller reads from the mail."""

    code = CodeField(label=_("Code that the caller reads to you"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # It came to somebody else's mailbox: nothing here offers to fill it in.
        self.fields["code"].widget.attrs["autocomplete"] = "off"


class RolesForm(forms.Form):
    """Which of a person's roles to remove, and why. Field names are `role-` and the grant's id."""

    def __init__(self, *args: object, roles: Iterable[tuple[UUID, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.roles = {f"role-{identifier}": identifier for identifier, _label in roles}
        for identifier, label in roles:
            self.fields[f"role-{identifier}"] = TickField(label=label, required=False)
        self.fields["reason"] = reason_field()
        self.fields["reason"].help_text = _("It is mailed to the person and kept on the ledger.")

    def clean(self) -> dict[str, object]:
        typed = super().clean()
        if not any(typed.get(name) for name in self.roles):
            self.add_error(None, _("Tick the roles to remove, one or more."))
        return typed

    @property
    def chosen(self) -> list[UUID]:
        return [identifier for name, identifier in self.roles.items() if self.cleaned_data.get(name)]


class RemoveForm(forms.Form):
    reason = ParagraphField(
        label=_("Reason"),
        max_length=REASON_LONGEST,
        rows=3,
        help_text=_("It is mailed to the person and kept on the ledger."),
    )
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


class EndDateForm(forms.Form):
    """A last day, or none; and why."""

    ends_on = MemorableDateField(
        label=_("Last day"),
        required=False,
        help_text=_("The role still counts on this day. Leave it empty for a role without an end date."),
    )
    reason = ParagraphField(
        label=_("Reason"),
        max_length=REASON_LONGEST,
        rows=2,
        help_text=_("It is mailed to the person and kept on the ledger."),
    )


class DayForm(forms.Form):
    """A day that was, or today."""

    day = MemorableDateField(label=_("Day"), help_text=_("For example: 4 28 2026"))

    def __init__(self, *args: object, latest: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.latest = latest

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.latest:
            raise forms.ValidationError(sentence_for(exports.Refusal.DAY_AHEAD))
        return day
