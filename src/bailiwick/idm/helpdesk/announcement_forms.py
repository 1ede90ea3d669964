"""What is asked of who publishes an announcement (N-4)."""

from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bailiwick.ground.pages.fields import (
    MemorableDateField,
    ParagraphField,
    SelectField,
    TextField,
    TickField,
)
from bailiwick.wire.announcements import LONGEST_HEADING, LONGEST_TEXT, Announced

WHOLE_HOURS = [(f"{hour:02}:00", f"{hour:02}:00") for hour in range(24)]


class AnnouncementForm(forms.Form):
    """In English and in Spanish: nobody is mailed words of another language (N-2)."""

    application = SelectField(label=_("Where it is shown"), choices=())
    heading = TextField(label=_("Heading"), max_length=LONGEST_HEADING)
    text = ParagraphField(label=_("Text"), max_length=LONGEST_TEXT, rows=4)
    heading_es = TextField(label=_("Heading in Spanish"), max_length=LONGEST_HEADING)
    text_es = ParagraphField(label=_("Text in Spanish"), max_length=LONGEST_TEXT, rows=4)
    starts_on = MemorableDateField(label=_("Shown from"))
    starts_at = SelectField(label=_("Hour it is shown from"), choices=WHOLE_HOURS)
    ends_on = MemorableDateField(label=_("Shown until"))
    ends_at = SelectField(label=_("Hour it is shown until"), choices=WHOLE_HOURS)
    is_warning = TickField(label=_("It warns of an outage or a deadline"), required=False)
    is_mailed = TickField(label=_("Mail it, too, to everybody who has a role there"), required=False)

    def __init__(self, *args: Any, places: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["application"].choices = [("", ""), *places]

    def announced(self, identifier: UUID) -> Announced:
        """What was typed. The hours are those of the deployment's time zone."""
        typed = self.cleaned_data
        texts = {"en": (typed["heading"], typed["text"]), "es": (typed["heading_es"], typed["text_es"])}
        starts_at, ends_at = (self._instant(edge) for edge in ("starts", "ends"))
        return Announced(identifier, typed["is_warning"], starts_at, ends_at, texts)

    def _instant(self, edge: str) -> datetime:
        typed = self.cleaned_data
        hour = time.fromisoformat(typed[f"{edge}_at"])
        return datetime.combine(typed[f"{edge}_on"], hour, ZoneInfo(settings.TIME_ZONE))
