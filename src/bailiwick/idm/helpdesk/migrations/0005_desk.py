"""Archiving by two people, cases of sharing, and the acts of a desk on an account's state (A-6, H-5, H-6)."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idm_accounts", "0007_desk"), ("idm_helpdesk", "0004_registry")]

    operations = [
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("kind", models.CharField(max_length=10)),
                ("state", models.CharField(default="proposed", max_length=10)),
                ("proposed_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_reason", models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="SharingCase",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("ground", models.CharField(max_length=15)),
                ("state", models.CharField(default="open", max_length=15)),
                ("evidence", models.JSONField(default=dict)),
                ("opened_at", models.DateTimeField()),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_reason", models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="act",
            name="a_desk_act_is_of_a_known_kind",
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "look",
                            "see_account",
                            "reveal",
                            "unlock",
                            "send_user_id",
                            "check_caller",
                            "send_reset_link",
                            "cancel_request",
                            "remove_roles",
                            "reset_factors",
                            "change_email",
                            "agree_reset",
                            "see_proofing",
                            "decide_proofing",
                            "report_sharing",
                            "settle_sharing",
                            "suspend",
                            "unsuspend",
                            "archive",
                            "unarchive",
                            "settle_closing",
                        ],
                    )
                ),
                name="a_desk_act_is_of_a_known_kind",
            ),
        ),
        migrations.AddField(
            model_name="closing",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closings",
                to="idm_accounts.account",
            ),
        ),
        migrations.AddField(
            model_name="closing",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="idm_accounts.account"
            ),
        ),
        migrations.AddField(
            model_name="closing",
            name="settled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="idm_accounts.account",
            ),
        ),
        migrations.AddField(
            model_name="sharingcase",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sharing_cases",
                to="idm_accounts.account",
            ),
        ),
        migrations.AddField(
            model_name="sharingcase",
            name="reported_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="idm_accounts.account",
            ),
        ),
        migrations.AddField(
            model_name="sharingcase",
            name="settled_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="idm_accounts.account",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "proposed")),
                fields=("account",),
                name="one_closing_of_an_account_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "done"), _negated=True),
                    models.Q(
                        ("settled_by__isnull", False),
                        models.Q(("proposed_by", models.F("settled_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="two_people_archive_and_two_undo_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proposed_by", models.F("account")), _negated=True),
                    models.Q(
                        ("settled_by__isnull", True),
                        models.Q(("settled_by", models.F("account")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="nobody_archives_themselves",
            ),
        ),
        migrations.AddConstraint(
            model_name="closing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["archive", "unarchive"]), ("state__in", ["proposed", "done", "rejected"])
                ),
                name="a_closing_is_of_a_known_kind_and_state",
            ),
        ),
        migrations.AddIndex(
            model_name="sharingcase",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["opened_at"], name="sharing_cases_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("account", "ground"),
                name="one_sign_of_sharing_is_one_open_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_by__isnull", True), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="a_sharing_case_is_settled_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("settled_by__isnull", True),
                        models.Q(("settled_by", models.F("account")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("reported_by__isnull", True),
                        models.Q(("reported_by", models.F("account")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="nobody_reports_or_settles_their_own_sharing",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ground__in",
                        [
                            "reported",
                            "far_apart",
                            "many_places",
                            "same_phone",
                            "same_mailbox",
                            "many_devices",
                        ],
                    ),
                    ("state__in", ["open", "nothing_found", "stopped"]),
                ),
                name="a_sharing_case_has_a_known_ground_and_state",
            ),
        ),
    ]
