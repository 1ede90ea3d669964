"""`bailiwick idm bounces < mail`: one mail that came back, as the mail server hands it over (N-2).

Always exits with 0: a mail server that is told otherwise would send the report back to nobody.
"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from bailiwick.ground.outbox.bounces import MOST_BYTES, take
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.idm.helpdesk.actions import note_returns


class Command(BaseCommand):
    help = "Read one delivery report (RFC 3464) from standard input, and note which notice did not arrive."

    def handle(self, *_args: Any, **_options: Any) -> None:
        now = clock.now()
        message = take(sys.stdin.buffer.read(MOST_BYTES), now=now)
        if message is None:
            self.stdout.write("Not a report of a failed mail of ours: nothing noted.")
            return
        note_returns(by=By("command"), now=now)
        self.stdout.write(f"Noted: {message.kind}, {message.last_error}.")
