from django.db import migrations, models

COLUMNS = (("affiliation", "ended_as"), ("eraroute", "routed_as"), ("eraroute", "ended_as"))


def _added(model: str, name: str) -> migrations.operations.base.Operation:
    """A column more, where SQLite would make the table anew, and the triggers of `0001_initial` would go with the old one."""
    table = f"spot_services_{model}"
    field = models.CharField(blank=True, db_default="", default="", max_length=160)
    return migrations.SeparateDatabaseAndState(
        database_operations=[
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD COLUMN {name} varchar(160) DEFAULT '' NOT NULL",
                f"ALTER TABLE {table} DROP COLUMN {name}",
            )
        ],
        state_operations=[migrations.AddField(model_name=model, name=name, field=field)],
    )


class Migration(migrations.Migration):
    dependencies = [("spot_services", "0001_initial")]
    operations = [_added(model, name) for model, name in COLUMNS]
