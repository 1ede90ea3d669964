"""`bailiwick idm database_roles`: PostgreSQL's roles for the web server and the worker, and what they may do."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, connection, transaction

from bailiwick.ground.program.database_roles import grant_to_those_present, making, roles_of


class Command(BaseCommand):
    help = "Make PostgreSQL's roles for this program's web server and worker, and grant them what they need."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--print",
            action="store_true",
            help="only print the SQL that an administrator of the cluster runs",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        roles = roles_of(settings.PROGRAM)
        if connection.vendor != "postgresql":
            self.stdout.write("SQLite knows no roles: there is nothing to do.")
            return
        statements = making(roles, owner=connection.settings_dict["USER"])
        if options["print"]:
            self.stdout.write("".join(f"{statement};\n" for statement in statements))
            return
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
        except ProgrammingError as refused:
            raise CommandError(
                f"{str(refused).strip()}\nLet an administrator of the database run what "
                f"`bailiwick {settings.PROGRAM} database_roles --print` prints."
            ) from refused
        with transaction.atomic():
            granted = grant_to_those_present(connection, roles)
        self.stdout.write(f"May read and write rows, and nothing else: {', '.join(granted)}")
