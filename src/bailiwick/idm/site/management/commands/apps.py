"""`bailiwick idm apps diff|apply`: what the application files would change, and putting them in force (O-6)."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bailiwick.ground.ledger import By
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.queries.in_use import roles_in_use
from bailiwick.idm.applications.actions import put_in_force
from bailiwick.idm.applications.describing import Change, changes, described, roles_lost
from bailiwick.idm.applications.queries import as_written, in_force


class Command(BaseCommand):
    help = "Show what the application files would change, or put them in force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(required=True, dest="verb", metavar="diff|apply")
        verbs.add_parser("diff", help="what applying would change; exit code 1 where it is anything")
        apply = verbs.add_parser("apply", help="put the files in force; recorded on the ledger")
        apply.add_argument("--reason", default="", help="why, for the ledger")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["verb"] == "diff":
            self._diff()
        else:
            self._apply(options["reason"])

    def _diff(self) -> None:
        before, after = in_force(), described(as_written())
        found = changes(before, after)
        self._show(found)
        used = roles_in_use(now=clock.now())
        for application, role in roles_lost(before, after):
            if times := used[application, role]:
                self.stdout.write(
                    f"! {application}.roles.{role} cannot leave: held or asked for {times} times"
                )
        if found:
            sys.exit(1)

    def _apply(self, reason: str) -> None:
        now = clock.now()
        try:
            found = put_in_force(
                files=as_written(), in_use=roles_in_use(now=now), reason=reason, by=By("command"), now=now
            )
        except Refused as refused:
            raise CommandError(sentence_for(refused.code, **refused.facts)) from None
        self._show(found)
        if found:
            self.stdout.write("In force. IDM's servers and workers read the files when they start next.")

    def _show(self, found: list[Change]) -> None:
        for change in found:
            self.stdout.write(str(change))
        if not found:
            self.stdout.write("The application files are what is in force.")
