"""What holders may change about a role, the signed form behind a record's version, exports; indexes for end dates and days."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("idm_access", "0004_requests"),
        ("idm_accounts", "0001_initial"),
        ("idm_organizations", "0001_initial"),
    ]

    operations = [
        migrations.AddField("grant", "attributes", models.JSONField(default=dict)),
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
                        "merged",
                    ],
                ),
                name="an_ended_grant_has_a_known_reason",
            ),
        ),
        migrations.AddIndex(
            "grant",
            models.Index(
                fields=["ends_on"],
                condition=models.Q(ended_at__isnull=True, ends_on__isnull=False),
                name="grants_that_run_out",
            ),
        ),
        migrations.AddIndex(
            "grant", models.Index(fields=["organization", "started_at"], name="grants_there_by_day")
        ),
        migrations.CreateModel(
            name="SignedForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("number", models.CharField(max_length=40)),
                ("signed_by", models.CharField(max_length=200)),
                ("signed_at", models.DateTimeField()),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signed_forms",
                        to="idm_organizations.enrollmentrecord",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("record", "version"), name="a_version_has_one_signed_form")
                ],
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("people", models.PositiveIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="idm_accounts.account",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="idm_organizations.organization",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["account", "made_at"], name="exports_of_a_person")]},
        ),
    ]
