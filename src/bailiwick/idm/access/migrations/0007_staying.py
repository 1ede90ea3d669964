"""The day by which each grant is certified, and the ends that time alone brings (C-1, C-3, I-5)."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Who held a role before there was certification has a month at least.
FIRST_DAY = {
    "postgresql": "UPDATE idm_access_grant SET certify_by = greatest(started_at::date + 365, current_date + 60)",
    "sqlite": "UPDATE idm_access_grant SET certify_by = max(date(started_at, '+365 days'), date('now', '+60 days'))",
}


def set_first_day(_: object, editor: BaseDatabaseSchemaEditor) -> None:
    editor.execute(FIRST_DAY[editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("idm_access", "0006_row_security")]

    operations = [
        migrations.AddField("grant", "certify_by", models.DateField(null=True)),
        migrations.RunPython(set_first_day, migrations.RunPython.noop),
        migrations.AlterField("grant", "certify_by", models.DateField()),
        migrations.AddIndex(
            "grant",
            models.Index(
                fields=["certify_by"],
                condition=models.Q(ended_at__isnull=True),
                name="grants_to_certify",
            ),
        ),
        migrations.RemoveConstraint("grant", "an_ended_grant_has_a_known_reason"),
        migrations.AddConstraint(
            "grant",
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, end_reason="")
                | models.Q(
                    ended_at__isnull=False,
                    end_reason__in=[
                        "given_up",
                        "removed_by_approver",
                        "removed_by_desk",
                        "superseded",
                        "succeeded",
                        "end_date",
                        "certification_missed",
                        "inactivity",
                        "merged",
                    ],
                ),
                name="an_ended_grant_has_a_known_reason",
            ),
        ),
    ]
