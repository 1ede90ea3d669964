from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class ProgramConfig(AppConfig):
    name = "bailiwick.ground.program"
    label = "program"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Any app with models would do: the signal comes when all tables of all apps are made.
        post_migrate.connect(_let_roles_use_new_tables, sender=apps.get_app_config("ledger"))


def _let_roles_use_new_tables(*, using: str, plan: Any = None, **_: object) -> None:
    """After an update's migrations the web server and the worker may use the new tables, too."""
    from django.conf import settings
    from django.db import connections

    from bailiwick.ground.program.database_roles import grant_to_those_present, roles_of

    if plan and connections[using].vendor == "postgresql":
        grant_to_those_present(connections[using], roles_of(settings.PROGRAM))
