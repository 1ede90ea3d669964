"""`records`: every enrollment record with where it stands on its way to IDM; `--send-again ID` sends one once more."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bailiwick.ground.ledger import By
from bailiwick.ground.program import clock
from bailiwick.spot.enrollment import actions, queries
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules.enrollment import Delivery

SENTENCES = {
    Delivery.CONFIRMED: "IDM has it",
    Delivery.ON_ITS_WAY: "on its way",
    Delivery.REFUSED: "refused by IDM",
}


class Command(BaseCommand):
    help = "List enrollment records and whether IDM has taken them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object a line")
        parser.add_argument("--send-again", metavar="SUBMITTER_ID", help="send this record to IDM once more")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["send_again"]:
            self._send_again(options["send_again"])
            return
        for record in queries.all_records():
            self.stdout.write(json.dumps(_facts(record)) if options["json"] else _line(record))

    def _send_again(self, submitter_id: str) -> None:
        if queries.record_with(submitter_id) is None:
            raise CommandError("There is no record with this submitter ID.")
        now = clock.now()
        actions.send_again(submitter_id=submitter_id, occasion=now.isoformat(), by=By("command"), now=now)
        self.stdout.write(f"{submitter_id} is on its way again.")


def _facts(record: EnrollmentRecord) -> dict[str, Any]:
    return {
        "submitter_id": record.submitter_id,
        "legal_name": record.legal_name,
        "kind": record.kind,
        "status": record.status,
        "version": record.version,
        "confirmed_version": record.confirmed_version,
        "delivery": record.delivery.value,
        "refusal": record.refusal,
    }


def _line(record: EnrollmentRecord) -> str:
    state = SENTENCES[record.delivery] + (f" ({record.refusal})" if record.refusal else "")
    return f"{record.submitter_id}  v{record.version:<3} {record.status:<7} {state:<24} {record.legal_name}"
