"""`bailiwick idm bounces < mail`: one mail that came back, as the mail server hands it over (N-2).

Exits with 0 whatever the mail is: a mail server that is told otherwise would send the report back to nobody. While the
database is away it exits with 75, and the mail server tries again.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError

from bailiwick.ground.outbox.bounces import MOST_BYTES, TRY_AGAIN, take, words_for
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.idm.helpdesk.actions import note_returns


class Command(BaseCommand):
    help = "Read one delivery report (RFC 3464) from standard input, and note which notice did not arrive."

    def handle(self, *_args: Any, **_options: Any) -> None:
        now, raw = clock.now(), sys.stdin.buffer.read(MOST_BYTES)
        try:
            message = take(raw, now=now)
            if message is not None:
                note_returns(by=By("command"), now=now)
        except DatabaseError as error:
            self.stderr.write(f"Not now: {error}")
            sys.exit(TRY_AGAIN)
        self.stdout.write(words_for(message))
