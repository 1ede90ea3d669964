import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idm_accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="account",
            name="frozen_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="account",
            name="preferred_name",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.CreateModel(
            name="EmailChange",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("before", models.CharField(max_length=74)),
                ("after", models.CharField(max_length=74)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("confirmed", "Confirmed"),
                            ("replaced", "Replaced"),
                            ("taken_back", "Taken Back"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("confirm_digest", models.BinaryField(max_length=32)),
                ("cancel_digest", models.BinaryField(max_length=32)),
                ("undo_digest", models.BinaryField(max_length=32, null=True)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="email_changes",
                        to="idm_accounts.account",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("confirm_digest",), name="a_link_confirms_one_email_change"
                    ),
                    models.UniqueConstraint(
                        fields=("cancel_digest",), name="a_link_cancels_one_email_change"
                    ),
                    models.UniqueConstraint(fields=("undo_digest",), name="a_link_undoes_one_email_change"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("account",),
                        name="an_account_waits_for_one_email_change",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            ("confirmed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_confirmed_email_change_has_its_time",
                    ),
                ],
            },
        ),
    ]
