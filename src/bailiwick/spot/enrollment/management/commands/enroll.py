"""`enroll --file record.toml`: enroll an organization and print the submitter ID it was issued (F-11).

The record comes from a file, never from arguments: arguments are seen by everybody on the machine, and a TIN may be an SSN.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bailiwick.ground.ledger import By
from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.enrollment import actions

EXAMPLE = """\
legal_name = "Harborview Family Practice"
kind = "provider_office"            # or billing_service
tin = "001234567"                   # nine digits
tin_tag = "ein"                     # or ssn
address = "1 Example Street"
city = "Tampa"
state = "FL"
zip = "33601"
phone = "8135550100"

[approver]
name = "Ada Example"
email = "ada@harborview.example"
phone = "8135550101"

[backup]                            # may be left out
name = "Ben Example"
email = "ben@harborview.example"
"""


class Command(BaseCommand):
    help = "Enroll an organization from a TOML file and print its submitter ID. --example prints such a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help="the record, TOML; see --example")
        parser.add_argument("--example", action="store_true", help="print an example file")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["example"]:
            self.stdout.write(EXAMPLE, ending="")
            return
        document = _read(options["file"])
        try:
            record = actions.enroll(document=document, by=By("command"), now=clock.now())
        except Refused as refused:
            problems = refused.facts.get("problems", {})
            lines = "\n".join(f"  {name or 'file'}: {sentence}" for name, sentence in problems.items())
            raise CommandError(f"Nothing was written. The record is not complete:\n{lines}") from None
        if options["json"]:
            result = {
                "submitter_id": record.submitter_id,
                "version": record.version,
                "delivery": record.delivery.value,
            }
            self.stdout.write(json.dumps(result))
        else:
            self.stdout.write(record.submitter_id)


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        raise CommandError("--file names the record; --example prints one.")
    try:
        return tomllib.loads(path.read_text())
    except FileNotFoundError:
        raise CommandError(f"There is no file at {path}.") from None
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read as TOML: {error}") from None
