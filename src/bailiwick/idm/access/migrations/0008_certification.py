"""Certifications, one a role and due date (INV-11), behind the second wall like the roles themselves (INV-14)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from bailiwick.ground.program.database_roles import roles_of

TABLE = "idm_access_certification"
# Whose role one may see, its certifications, too: the policy on roles decides.
THEIRS = f"EXISTS (SELECT FROM idm_access_grant AS held WHERE held.id = {TABLE}.grant_id)"


def build(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    tenant = roles_of(settings.PROGRAM).tenant
    editor.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    editor.execute(f"CREATE POLICY everybody ON {TABLE} USING (true) WITH CHECK (true)")
    editor.execute(f'CREATE POLICY bailiwick ON {TABLE} AS RESTRICTIVE TO "{tenant}" USING ({THEIRS})')


def take_down(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor != "postgresql":
        return
    editor.execute(f"DROP POLICY bailiwick ON {TABLE}")
    editor.execute(f"DROP POLICY everybody ON {TABLE}")
    editor.execute(f"ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY")


def of_account(*, null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        db_index=False,
        to="idm_accounts.account",
    )


class Migration(migrations.Migration):
    dependencies = [("idm_access", "0007_staying")]

    operations = [
        migrations.AddField("grant", "restored_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "grant",
            models.Index(
                fields=["certify_by"],
                condition=models.Q(end_reason="certification_missed"),
                name="grants_lost_uncertified",
            ),
        ),
        migrations.CreateModel(
            name="Certification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "grant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certifications",
                        db_index=False,
                        to="idm_access.grant",
                    ),
                ),
                ("holder", of_account(null=False)),
                ("due_on", models.DateField()),
                ("outcome", models.CharField(default="open", max_length=10)),
                ("decided_by", of_account(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("comment", models.CharField(blank=True, max_length=500)),
                ("is_late", models.BooleanField(default=False)),
                ("handed_by", of_account(null=True)),
                ("handed_to", of_account(null=True)),
                ("handed_why", models.CharField(blank=True, max_length=500)),
                ("notices", models.PositiveSmallIntegerField(default=0)),
                ("notices_round", models.DateField(null=True)),
                ("warnings", models.PositiveSmallIntegerField(default=0)),
                ("warnings_round", models.DateField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(outcome="open"), fields=["due_on"], name="certifications_open"
                    ),
                    models.Index(
                        condition=models.Q(notices_round__isnull=False),
                        fields=["notices_round"],
                        name="certifications_to_tell_of",
                    ),
                    models.Index(
                        condition=models.Q(warnings_round__isnull=False),
                        fields=["warnings_round"],
                        name="certifications_to_warn_of",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("grant", "due_on"), name="a_role_is_certified_once_a_period"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(outcome__in=["open", "certified", "removed", "missed", "ended"]),
                        name="a_certification_has_a_known_outcome",
                    ),
                    models.CheckConstraint(
                        condition=(
                            models.Q(outcome__in=["certified", "removed"])
                            & models.Q(decided_by__isnull=False, decided_at__isnull=False)
                        )
                        | (
                            ~models.Q(outcome__in=["certified", "removed"])
                            & models.Q(decided_by__isnull=True)
                        ),
                        name="a_certification_has_its_certifier",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(decided_by__isnull=True)
                        | ~models.Q(decided_by=models.F("holder")),
                        name="nobody_certifies_themselves",
                    ),
                ],
            },
        ),
        migrations.RunPython(build, take_down),
    ]
