"""One step of a form as it is filled in: the questions that are asked now, and those that an answer here would open.

A question that an answer opens only now was never before the person: it is asked on the same step next, not refused.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import TextField
from bailiwick.ground.pages.words import sentence_for
from bailiwick.spot.formpages.questions import answer_of, field_of, initial_of, objection
from bailiwick.spot.rules.answers import clashes, untimely
from bailiwick.spot.rules.schema import Answers, Block, Field, FormKind, is_shown, shown

# Which questions the page that was sent had shown.
ASKED = "asked"
TWICE = _("This answer came twice. Give it once.")


@dataclass(frozen=True)
class Shown:
    """One question on the page. `shown_when`: JSON of the answers on this step that open it; `is_waiting`: not asked yet."""

    question: Field
    bound: forms.BoundField
    shown_when: str
    is_waiting: bool


class StepForm(forms.Form):
    """The asked questions of a block; `data` is what was sent, if anything was."""

    use_required_attribute = False

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kind: FormKind,
        block: Block,
        kept: Answers,
        today: date,
        remarks: Mapping[str, str],
        is_needed: bool = True,
        check_at: str = "",
    ) -> None:
        self.kind, self.block, self.kept, self.remarks, self.check_at = kind, block, kept, remarks, check_at
        self.today = today
        self.questions = _asked(kind, block, _with_typed(block, kept, data))
        self.opened_now = {one.code for one in self.questions if data is not None and _is_unseen(one, data)}
        initial = {one.code: initial_of(one, kept.get(one.code, "")) for one in self.questions}
        super().__init__(data, initial=initial)
        for one in self.questions:
            self.fields[one.code] = self._field(one, is_needed and one.code not in self.opened_now)

    def _field(self, one: Field, is_needed: bool) -> forms.Field:
        remark = self.remarks.get(one.code, "")
        field = field_of(one, kept=self.kept.get(one.code, ""), remark=remark, is_needed=is_needed)
        if self.check_at and isinstance(field, TextField):
            # Where there is a script, a typed answer is looked at when the person leaves the field.
            field.widget.attrs |= {
                "hx-post": self.check_at,
                "hx-trigger": "change",
                "hx-target": f"#said-{one.code}",
            }
        return field

    def clean(self) -> dict[str, Any]:
        for name in self.fields:
            if isinstance(self.data, QueryDict) and len(self.data.getlist(name)) > 1:
                self.add_error(name, ValidationError(TWICE, code="twice"))
        typed = {one.code: str(self.cleaned_data.get(one.code) or "") for one in self.questions}
        beside = {**self.kept, **{code: text for code, text in typed.items() if text}}
        # A day that was taken out counts no more, whatever was kept.
        days = {**self.kept, **typed}
        late = untimely(self.kind, days, today=self.today, ahead=settings.LIMITS.handover_ahead)
        for one, found in (*clashes(self.kind, beside), *late):
            if one.code in self.fields and one.code not in self.errors:
                self.add_error(one.code, objection(found))
        return self.cleaned_data

    def answers(self) -> dict[str, str]:
        """What was answered, for the engine. Only after `is_valid()`."""
        return {
            one.code: answer_of(one, self.cleaned_data.get(one.code), self.kept.get(one.code, ""))
            for one in self.questions
        }

    def hear(self, problems: Mapping[str, Any]) -> None:
        """Put the engine's objections, {field: code}, at their fields."""
        for name, code in problems.items():
            self.add_error(
                name if name in self.fields else None, ValidationError(sentence_for(code), code=str(code))
            )

    def shown(self) -> list[Shown]:
        """Every question of the step in its order, those that wait for an answer here as well."""
        possible = [one for one in self.block.fields if self._could_be_asked(one)]
        waiting = forms.Form()
        waiting.use_required_attribute = False
        for one in possible:
            if one.code not in self.fields:
                waiting.fields[one.code] = self._field(one, is_needed=True)
        return [
            Shown(
                question=one,
                bound=self[one.code] if one.code in self.fields else waiting[one.code],
                shown_when=self._here(one),
                is_waiting=one.code not in self.fields,
            )
            for one in possible
        ]

    def _could_be_asked(self, one: Field) -> bool:
        """Whether the answers on other steps allow the question; what those on this step say can still change."""
        own = {
            field.code: one.shown_when[field.code][0]
            for field in self.block.fields
            if field.code in one.shown_when
        }
        return is_shown(one, {**self.kept, **own})

    def _here(self, one: Field) -> str:
        own = {field.code for field in self.block.fields}
        wishes = {code: list(wanted) for code, wanted in one.shown_when.items() if code in own}
        return json.dumps(wishes) if wishes else ""


def _asked(kind: FormKind, block: Block, answers: Answers) -> list[Field]:
    asked = {one.code for one in shown(kind, answers)}
    return [one for one in block.fields if one.code in asked]


def _with_typed(block: Block, kept: Answers, data: QueryDict | None) -> Answers:
    if data is None:
        return kept
    typed = {one.code: data.get(one.code, "").strip() for one in block.fields}
    # A tick is sent as "on".
    return {**kept, **{code: "yes" if text == "on" else text for code, text in typed.items()}}


def _is_unseen(one: Field, data: QueryDict) -> bool:
    return ASKED in data and one.code not in data.getlist(ASKED) and one.code not in data
