"""`bailiwick idm certifications spread`: pull due dates forward, so that not everything is due on one day (C-6)."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bailiwick.ground.ledger import By
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.actions import spread_certifications


class Command(BaseCommand):
    help = "Pull certifications' due dates forward to earlier days with room; never later, and nothing that is open."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(required=True, dest="verb", metavar="spread")
        spread = verbs.add_parser("spread", help="leave at most so many due on each day of a span")
        spread.add_argument(
            "--from", dest="first", type=date.fromisoformat, required=True, help="first day, as 2027-01-31"
        )
        spread.add_argument("--to", dest="last", type=date.fromisoformat, required=True, help="last day")
        spread.add_argument("--most-a-day", type=int, required=True, help="how many roles a day may hold")
        spread.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["most_a_day"] < 1:
            raise CommandError("A day holds at least one role: --most-a-day 1 or more.")
        try:
            found = spread_certifications(
                first=options["first"],
                last=options["last"],
                most_a_day=options["most_a_day"],
                is_trial=options["dry_run"],
                by=By("command"),
                now=clock.now(),
            )
        except Refused as refused:
            raise CommandError(sentence_for(refused.code, **refused.facts)) from None
        for pull in found.pulls:
            self.stdout.write(f"{pull.due_on} → {pull.to}: {pull.roles}")
        if not found.pulls:
            self.stdout.write("No day holds more than that, or none before it has room.")
        if found.over:
            self.stdout.write(
                f"{found.over} stay on days that hold more: begin the span earlier, or let a day hold more."
            )
        if options["dry_run"] and found.pulls:
            self.stdout.write("Nothing was changed (--dry-run).")
