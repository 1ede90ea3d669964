import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Max


def take_over_last_sign_ins(apps, _schema_editor):
    """Who used the account lately is not to find the password expired after an upgrade (P-5)."""
    session, account = apps.get_model("idm_sessions", "Session"), apps.get_model("idm_accounts", "Account")
    signed_in = session.objects.filter(authenticated_at__isnull=False)
    for pk, at in signed_in.values_list("account_id").annotate(at=Max("authenticated_at")).iterator():
        account.objects.filter(pk=pk).update(last_signed_in_at=at)


class Migration(migrations.Migration):
    dependencies = [
        ("idm_accounts", "0005_policies"),
        ("idm_sessions", "0001_initial"),
        ("idm_signin", "0003_factors"),
    ]

    operations = [
        migrations.AddField(
            model_name="passwordpath",
            name="door",
            field=models.CharField(default="path", max_length=10),
        ),
        migrations.AlterField(
            model_name="passwordpath",
            name="refused",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("cookie_digest", models.BinaryField(max_length=32)),
                (
                    "goal",
                    models.CharField(
                        choices=[("password", "NEW_PASSWORD"), ("unlock", "UNLOCK")], max_length=10
                    ),
                ),
                ("whose", models.BinaryField(max_length=32)),
                ("path", models.BinaryField(max_length=32)),
                ("source_digest", models.BinaryField(max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("sent", "Sent"),
                            ("proved", "Proved"),
                            ("done", "Done"),
                            ("void", "Void"),
                        ],
                        default="started",
                        max_length=10,
                    ),
                ),
                ("channel", models.CharField(blank=True, max_length=10)),
                ("answers", models.PositiveSmallIntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recoveries",
                        to="idm_accounts.account",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "recoveries",
            },
        ),
        migrations.CreateModel(
            name="LadderCode",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("whose", models.BinaryField(max_length=32)),
                ("channel", models.CharField(max_length=10)),
                ("digest", models.BinaryField(max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[("live", "Live"), ("used", "Used"), ("void", "Void")],
                        default="live",
                        max_length=10,
                    ),
                ),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "recovery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="idm_signin.recovery",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UserIdAsked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source_digest", models.BinaryField(max_length=32)),
                ("asked_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["source_digest", "asked_at"], name="user_ids_asked_from_a_place")
                ],
            },
        ),
        migrations.CreateModel(
            name="FactorReset",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(choices=[("factors", "FACTORS"), ("email", "EMAIL")], max_length=10),
                ),
                ("email", models.CharField(blank=True, max_length=74)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("done", "Done"), ("canceled", "Canceled")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("token_digest", models.BinaryField(max_length=32)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="factor_resets",
                        to="idm_accounts.account",
                    ),
                ),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="idm_accounts.account",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="idm_accounts.account",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="factor_resets_that_wait",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("token_digest",), name="a_token_cancels_one_factor_reset"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("account",),
                        name="an_account_waits_for_one_factor_reset",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by", None),
                            models.Q(("agreed_by", models.F("asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_are_two_people",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="recovery",
            index=models.Index(fields=["source_digest", "begun_at"], name="recoveries_from_a_place"),
        ),
        migrations.AddIndex(
            model_name="recovery",
            index=models.Index(fields=["account", "state"], name="recoveries_of_an_account"),
        ),
        migrations.AddConstraint(
            model_name="recovery",
            constraint=models.UniqueConstraint(fields=("cookie_digest",), name="a_browser_is_on_one_ladder"),
        ),
        migrations.AddConstraint(
            model_name="recovery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["proved", "done"]), _negated=True),
                    ("account__isnull", False),
                    _connector="OR",
                ),
                name="nobody_proves_to_be_nobody",
            ),
        ),
        migrations.AddIndex(
            model_name="laddercode",
            index=models.Index(fields=["whose", "channel", "sent_at"], name="ladder_codes_sent_to_a_person"),
        ),
        migrations.AddConstraint(
            model_name="laddercode",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "live")),
                fields=("recovery",),
                name="a_ladder_waits_for_one_code",
            ),
        ),
        migrations.RunPython(take_over_last_sign_ins, migrations.RunPython.noop),
    ]
