import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idm_accounts", "0002_profile"), ("idm_sessions", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="session",
            name="place",
            field=models.CharField(blank=True, default="", max_length=80),
        ),
        migrations.AddField(
            model_name="session",
            name="proofs",
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("words", models.CharField(blank=True, max_length=80)),
                ("first_seen_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="devices",
                        to="idm_accounts.account",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="session",
            name="device",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="sessions",
                to="idm_sessions.device",
            ),
        ),
        migrations.CreateModel(
            name="DisowningLink",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("token_digest", models.BinaryField(max_length=32)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="disowning_link",
                        to="idm_sessions.session",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(
                fields=("digest",), name="a_cookie_is_one_device_of_one_account"
            ),
        ),
        migrations.AddConstraint(
            model_name="disowninglink",
            constraint=models.UniqueConstraint(fields=("token_digest",), name="a_token_disowns_one_sign_in"),
        ),
    ]
