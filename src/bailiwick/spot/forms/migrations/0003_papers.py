import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("spot_forms", "0002_lists"),
        ("spot_signin", "0001_initial"),
        ("uploads", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="SignedDocument",
            fields=[
                (
                    "signature",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="document",
                        serialize=False,
                        to="spot_forms.signature",
                    ),
                ),
                ("certificate", models.JSONField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("confirmed_note", models.CharField(blank=True, max_length=2000)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="spot_signin.person",
                    ),
                ),
                (
                    "upload",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="uploads.upload"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(confirmed_at=None)
                        | (Q(confirmed_by__isnull=False) & ~Q(confirmed_note="")),
                        name="a_confirmed_document_says_who_and_what",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PayerWait",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "who",
                    models.CharField(
                        choices=[("contact", "contact"), ("official", "official")], max_length=10
                    ),
                ),
                ("to", models.CharField(max_length=74)),
                ("since", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="payer_waits",
                        to="spot_forms.case",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=Q(ended_at=None), fields=["since"], name="payer_waits_by_age")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(ended_at=None),
                        fields=("case", "who"),
                        name="one_waits_for_the_payer_once",
                    )
                ],
            },
        ),
    ]
