import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("idm_accounts", "0001_initial"),
        ("idm_sessions", "0001_initial"),
        ("idm_signin", "0002_reset_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecoverySheet",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("codes_sealed", models.BinaryField(blank=True)),
                ("added_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recovery_sheets",
                        to="idm_accounts.account",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="idm_signin.recoverysheet",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Passkey",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40)),
                ("credential_id", models.BinaryField(max_length=1023)),
                ("public_key", models.BinaryField(max_length=2048)),
                ("sign_count", models.BigIntegerField(default=0)),
                ("transports", models.CharField(blank=True, max_length=80)),
                ("has_verified", models.BooleanField(default=False)),
                ("is_backed_up", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkeys",
                        to="idm_accounts.account",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("credential_id",), name="a_passkey_opens_one_account")
                ],
            },
        ),
        migrations.CreateModel(
            name="PasskeyChallenge",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("flow_digest", models.BinaryField(max_length=32, null=True)),
                (
                    "purpose",
                    models.CharField(
                        choices=[("add", "Add"), ("verify", "Verify"), ("sign_in", "Sign In")], max_length=10
                    ),
                ),
                ("challenge", models.BinaryField(max_length=64)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "session",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passkey_challenges",
                        to="idm_sessions.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "purpose"), name="a_session_waits_for_one_passkey"
                    ),
                    models.UniqueConstraint(fields=("flow_digest",), name="a_browser_waits_for_one_passkey"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("flow_digest__isnull", False), ("session", None)),
                            models.Q(("flow_digest", None), ("session__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_challenge_is_bound_to_a_session_or_a_browser",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhoneFactor",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("way", models.CharField(choices=[("sms", "Sms"), ("voice", "Voice")], max_length=10)),
                ("name", models.CharField(max_length=40)),
                ("number", models.CharField(max_length=10)),
                ("extension", models.CharField(blank=True, max_length=6)),
                ("added_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("last_used_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="phone_factors",
                        to="idm_accounts.account",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at", None)),
                        fields=("account", "way"),
                        name="one_phone_of_a_kind_is_added_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("confirmed_at__isnull", False)),
                        fields=("account", "way"),
                        name="one_phone_of_a_kind_receives_codes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way", "voice"), ("extension", ""), _connector="OR"),
                        name="only_a_call_has_an_extension",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="recoverysheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmed_at", None)),
                fields=("account",),
                name="one_recovery_sheet_is_made_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="recoverysheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmed_at__isnull", False)),
                fields=("account",),
                name="one_recovery_sheet_counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="recoverycode",
            constraint=models.UniqueConstraint(fields=("digest",), name="a_recovery_code_is_one_sheets"),
        ),
    ]
