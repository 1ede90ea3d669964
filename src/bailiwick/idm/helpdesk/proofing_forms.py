"""What a decider ticks and types about documents; shapes only."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import ChoiceField, ParagraphField, TickField
from bailiwick.idm.proofing.words import CHECK_WORDS
from bailiwick.idm.rules.manual import WHY_SHORTEST, Check, Verdict

MOST = 1000


def why_field(label: Any, help_text: Any, *, required: bool = True) -> ParagraphField:
    return ParagraphField(
        label=label,
        help_text=help_text,
        min_length=WHY_SHORTEST if required else 0,
        max_length=MOST,
        rows=3,
        required=required,
    )


class ProposeForm(forms.Form):
    """What was checked, the verdict and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for check, words in CHECK_WORDS.items():
            self.fields[f"check_{check.value}"] = TickField(label=words, required=False)
        self.fields["verdict"] = ChoiceField(
            label=_("Your decision"),
            choices=[
                (Verdict.VERIFY.value, _("Verify this person")),
                (Verdict.REFUSE.value, _("Refuse: the documents do not settle it")),
            ],
        )
        self.fields["why"] = why_field(
            _("Why"), _("What the decision rests on. It stays on the ledger: no numbers, no birth date.")
        )

    @property
    def checked(self) -> list[Check]:
        return [check for check in Check if self.cleaned_data.get(f"check_{check.value}")]


class SettleForm(forms.Form):
    """The second person's word."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["settling"] = ChoiceField(
            label=_("The proposal"),
            choices=[("confirm", _("Confirm it: it is decided")), ("back", _("Send it back"))],
        )
        self.fields["why"] = why_field(
            _("Why"),
            _("Needed to send it back. It stays on the ledger: no numbers, no birth date."),
            required=False,
        )


class MoreForm(forms.Form):
    """What the person is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["missing"] = why_field(
            _("What is missing"), _("The person reads this on their page, word for word.")
        )
