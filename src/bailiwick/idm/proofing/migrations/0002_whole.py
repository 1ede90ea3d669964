"""Proofing by hand: cases, evidence and what the deciders did. (V-5)"""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("idm_accounts", "0001_initial"),
        ("idm_proofing", "0001_initial"),
        ("uploads", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attempt",
            name="method",
            field=models.CharField(
                choices=[("online", "Online"), ("reference", "Reference"), ("manual", "Manual")],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[("online", "Online"), ("reference", "Reference"), ("manual", "Manual")],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Manual",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.CharField(max_length=16, unique=True)),
                ("ground", models.CharField(max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("collecting", "collecting"),
                            ("waiting", "waiting"),
                            ("verify_proposed", "verify_proposed"),
                            ("refuse_proposed", "refuse_proposed"),
                            ("verified", "verified"),
                            ("refused", "refused"),
                            ("void", "void"),
                            ("closed", "closed"),
                        ],
                        max_length=20,
                    ),
                ),
                ("facts_digest", models.BinaryField(max_length=32)),
                ("opened_at", models.DateTimeField()),
                ("handed_in_at", models.DateTimeField(null=True)),
                ("missing", models.CharField(blank=True, max_length=1000)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="manual_proofings",
                        to="idm_accounts.account",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("confirmed", "Confirmed"),
                            ("sent_back", "Sent Back"),
                            ("more_asked", "More Asked"),
                        ],
                        max_length=10,
                    ),
                ),
                ("verdict", models.CharField(blank=True, max_length=10)),
                ("checked", models.JSONField(default=list)),
                ("why", models.CharField(blank=True, max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "decider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="idm_accounts.account",
                    ),
                ),
                (
                    "manual",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="idm_proofing.manual",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "document",
                    models.CharField(
                        choices=[
                            ("passport", "passport"),
                            ("drivers_license", "drivers_license"),
                            ("state_id", "state_id"),
                            ("military_id", "military_id"),
                            ("resident_card", "resident_card"),
                            ("ssn_card", "ssn_card"),
                            ("tax_form", "tax_form"),
                            ("utility_bill", "utility_bill"),
                            ("bank_statement", "bank_statement"),
                            ("lease", "lease"),
                            ("name_change", "name_change"),
                        ],
                        max_length=20,
                    ),
                ),
                ("once", models.UUIDField()),
                ("at", models.DateTimeField()),
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="uploads.upload"
                    ),
                ),
                (
                    "manual",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="idm_proofing.manual",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="manual",
            index=models.Index(
                condition=models.Q(("state__in", ["refuse_proposed", "verify_proposed", "waiting"])),
                fields=["handed_in_at"],
                name="cases_by_hand_at_the_desk",
            ),
        ),
        migrations.AddConstraint(
            model_name="manual",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("state__in", ["collecting", "refuse_proposed", "verify_proposed", "waiting"])
                ),
                fields=("account",),
                name="an_account_has_one_open_case_by_hand",
            ),
        ),
        migrations.AddConstraint(
            model_name="manual",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("decided_at__isnull", True),
                        ("state__in", ["collecting", "refuse_proposed", "verify_proposed", "waiting"]),
                    ),
                    models.Q(
                        models.Q(
                            ("state__in", ["collecting", "refuse_proposed", "verify_proposed", "waiting"]),
                            _negated=True,
                        ),
                        ("decided_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="an_ended_case_by_hand_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.UniqueConstraint(
                fields=("manual", "once"), name="a_document_sent_twice_is_one"
            ),
        ),
    ]
