"""`bailiwick idm announce`: the operator publishes, lists and withdraws announcements (N-4)."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bailiwick.ground.outbox.models import Announcement
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.helpdesk import actions
from bailiwick.wire.announcements import LONGEST_HEADING, LONGEST_TEXT, Announced

OPERATOR = By("command")


class Command(BaseCommand):
    help = "Publish an announcement on the pages of an application, list what is announced, or withdraw one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(required=True, dest="verb", metavar="publish|list|withdraw")
        publish = verbs.add_parser("publish", help="show a banner, in English and Spanish")
        publish.add_argument("--application", default="", help="its code; without it, everywhere")
        for name in ("--heading", "--text", "--heading-es", "--text-es"):
            publish.add_argument(name, required=True)
        publish.add_argument("--from", dest="starts_at", required=True, help="2026-11-30T18:00, local time")
        publish.add_argument("--until", dest="ends_at", required=True)
        publish.add_argument("--warning", action="store_true", help="an outage or a deadline")
        publish.add_argument("--mail", action="store_true", help="mail it, too")
        verbs.add_parser("list", help="what is shown, or will be")
        verbs.add_parser("withdraw", help="take one off the pages").add_argument("id")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['verb']}")(options)
        except Refused as refused:
            raise CommandError(sentence_for(refused.code, **refused.facts)) from None

    def _publish(self, options: dict[str, Any]) -> None:
        texts = {
            "en": (options["heading"], options["text"]),
            "es": (options["heading_es"], options["text_es"]),
        }
        if any(len(head) > LONGEST_HEADING or len(text) > LONGEST_TEXT for head, text in texts.values()):
            raise CommandError(f"A heading has at most {LONGEST_HEADING} characters, a text {LONGEST_TEXT}.")
        starts_at, ends_at = _instant(options["starts_at"]), _instant(options["ends_at"])
        row = actions.publish(
            announced=Announced(uuid4(), options["warning"], starts_at, ends_at, texts),
            application=options["application"],
            is_mailed=options["mail"],
            may=_everywhere(),
            by=OPERATOR,
            now=clock.now(),
        )
        self.stdout.write(f"{row.pk}")

    def _list(self, _options: dict[str, Any]) -> None:
        now = clock.now()
        rows = Announcement.objects.filter(withdrawn_at=None, ends_at__gt=now).order_by("starts_at", "id")
        for row in rows:
            place = row.application or "everywhere"
            heading = row.texts["en"]["heading"]
            self.stdout.write(f"{row.pk}  {place}  {row.starts_at:%F %R}–{row.ends_at:%F %R} UTC  {heading}")

    def _withdraw(self, options: dict[str, Any]) -> None:
        try:
            identifier = UUID(options["id"])
        except ValueError:
            raise CommandError("This is no announcement's id; `list` shows them.") from None
        actions.withdraw(identifier=identifier, may=_everywhere(), by=OPERATOR, now=clock.now())
        self.stdout.write("Withdrawn.")


def _everywhere() -> tuple[str, ...]:
    return ("", *(application.code for application in catalogue().applications))


def _instant(typed: str) -> datetime:
    try:
        told = datetime.fromisoformat(typed)
    except ValueError:
        raise CommandError(f"{typed!r} is no time; write it like 2026-11-30T18:00.") from None
    return told if told.tzinfo else told.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
