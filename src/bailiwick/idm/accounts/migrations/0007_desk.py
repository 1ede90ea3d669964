"""A desk finds people by the begin of a user ID, a first or a last name (H-1); on PostgreSQL each has an index for that.

SQLite's LIKE uses none: there the search reads the table.
"""

from typing import Any

from django.db import migrations

INDEXES = {
    "accounts_by_begin_of_user_id": "idm_accounts_account (user_id_key varchar_pattern_ops)",
    "people_by_begin_of_first_name": "idm_accounts_person (name_key varchar_pattern_ops)",
    "people_by_begin_of_last_name": "idm_accounts_person (SPLIT_PART(name_key, '|', 2) text_pattern_ops)",
}


def make(_apps: Any, editor: Any) -> None:
    for name, of in INDEXES.items() if editor.connection.vendor == "postgresql" else ():
        editor.execute(f"CREATE INDEX {name} ON {of}")


def drop(_apps: Any, editor: Any) -> None:
    for name in INDEXES if editor.connection.vendor == "postgresql" else ():
        editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("idm_accounts", "0006_known_ssn")]

    operations = [migrations.RunPython(make, drop)]
