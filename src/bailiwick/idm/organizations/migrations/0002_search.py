"""Who a record named before, and the times in which nobody could decide."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("idm_organizations", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="FormerPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "standing",
                    models.CharField(choices=[("approver", "Approver"), ("backup", "Backup")], max_length=8),
                ),
                ("name", models.CharField(max_length=200)),
                ("email", models.CharField(max_length=200)),
                ("replaced_at", models.DateTimeField()),
                ("last_day", models.DateField(null=True)),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_people",
                        to="idm_organizations.enrollmentrecord",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(standing__in=["approver", "backup"]),
                        name="a_former_person_stood_for_something",
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Unattended",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("application", models.CharField(max_length=40)),
                ("noticed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="unattended",
                        to="idm_organizations.organization",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(ended_at__isnull=True),
                        fields=["organization", "application"],
                        name="a_time_without_approver_is_noticed_once",
                    )
                ]
            },
        ),
    ]
