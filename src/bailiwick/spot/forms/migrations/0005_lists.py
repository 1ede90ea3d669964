import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("spot_forms", "0004_backoffice"), ("spot_signin", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("token_digest", models.BinaryField(max_length=32, unique=True)),
                ("to", models.CharField(max_length=74)),
                ("told_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=2000)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_note", models.CharField(blank=True, max_length=2000)),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="spot_signin.person",
                    ),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objections",
                        to="spot_forms.signature",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("made_at", None), ~Q(("reason", "")), _connector="OR"),
                        name="who_objects_says_why",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            ("settled_at", None),
                            Q(
                                ("made_at__isnull", False),
                                ("settled_by__isnull", False),
                                ~Q(("settled_note", "")),
                            ),
                            _connector="OR",
                        ),
                        name="a_settled_objection_says_who_and_what",
                    ),
                ]
            },
        ),
    ]
