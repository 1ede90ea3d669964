"""`bailiwick idm demo`: let the people of the fictitious world in (development runs only)."""

import json
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from bailiwick.ground.program import clock
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.site import world

WORLD = Path(__file__).resolve().parents[6] / "demo" / "world.toml"


class Command(BaseCommand):
    help = "Let the people of the fictitious world in, after `bailiwick spot demo`. Development runs only."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DEVELOPMENT:
            raise CommandError("The fictitious world is for development runs (IDM_DEVELOPMENT=true).")
        call_command("apps", "apply", "--reason", "The fictitious world", stdout=StringIO())
        directory = settings.ENVIRONMENT.state_directory
        try:
            enrolled = json.loads((directory / "enrolled.json").read_text())
        except FileNotFoundError:
            raise CommandError(
                f"Run `bailiwick spot demo` first: {directory}/enrolled.json is not there."
            ) from None
        plan, now = tomllib.loads(WORLD.read_text()), clock.now()
        people = directory / "people.txt"
        if people.exists():
            self.stdout.write("The fictitious people are here already.")
            return
        if Account.objects.exists():
            raise CommandError("An earlier start was stopped half-way; start over with `make run FRESH=1`.")
        world.take_records(plan, enrolled, now=now)
        known = [world.let_in(person, enrolled, now=now) for person in plan["person"]]
        world.write_people(people, known, plan, enrolled)
        self.stdout.write(f"{len(known)} people were let in.")
