"""`bailiwick spot demo`: the organizations and forms of the fictitious world (development runs only)."""

import json
import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import By
from bailiwick.spot.enrollment.actions import enroll
from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.site.world import take_forms

WORLD = Path(__file__).resolve().parents[6] / "demo" / "world.toml"


class Command(BaseCommand):
    help = "Enroll the organizations of the fictitious world and take its forms; keeps what is there. Development runs only."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("The fictitious world is for development runs (SPOT_DEVELOPMENT=true).")
        world = tomllib.loads(WORLD.read_text())
        by_form = {form["organization"] for form in world["form"] if "organization" in form}
        with transaction.atomic():
            enrolled = {
                key: _submitter_id(document)
                for key, document in world["organization"].items()
                if key not in by_form
            }
            enrolled = take_forms(world, enrolled=enrolled, now=clock.now())
        # IDM's half of the world reads the submitter IDs here; the records themselves travel by the API.
        (settings.ENVIRONMENT.state_directory / "enrolled.json").write_text(json.dumps(enrolled, indent=1))
        self.stdout.write(
            f"{len(enrolled)} organizations are enrolled; {len(world['form'])} forms are there."
        )


def _submitter_id(document: dict[str, Any]) -> str:
    held = EnrollmentRecord.objects.filter(legal_name=document["legal_name"]).first()
    record = held or enroll(document=document, by=By("command"), now=clock.now())
    return str(record.submitter_id)
