import django.db.models.deletion
from django.db import migrations, models

from bailiwick.spot.rules.searching import search_key

NAMED = ("legal_name", "city", "approver_name", "approver_email", "backup_name", "backup_email")


def write_search_keys(apps, _schema_editor):
    records = apps.get_model("spot_enrollment", "EnrollmentRecord").objects
    for record in records.only("pk", *NAMED).iterator(chunk_size=1000):
        key = search_key(*(getattr(record, name) for name in NAMED), longest=1200)
        records.filter(pk=record.pk).update(search_key=key)


class Migration(migrations.Migration):
    dependencies = [("spot_enrollment", "0005_handover")]
    operations = [
        migrations.AddField(
            model_name="enrollmentrecord",
            name="search_key",
            field=models.CharField(blank=True, default="", max_length=1200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="recordversion",
            name="confirmed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Comparison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(db_index=True)),
                ("ours", models.PositiveIntegerField()),
                ("theirs", models.PositiveIntegerField(default=0)),
                ("is_whole", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Difference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("submitter_id", models.CharField(max_length=20)),
                (
                    "matter",
                    models.CharField(
                        choices=[
                            ("lacking", "lacking"),
                            ("older", "older"),
                            ("newer", "newer"),
                            ("content", "content"),
                            ("stranger", "stranger"),
                        ],
                        max_length=12,
                    ),
                ),
                ("our_version", models.PositiveIntegerField()),
                ("their_version", models.PositiveIntegerField()),
                (
                    "comparison",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="differences",
                        to="spot_enrollment.comparison",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("comparison", "submitter_id"), name="a_record_differs_once_a_night"
                    )
                ],
            },
        ),
        migrations.RunPython(write_search_keys, migrations.RunPython.noop, elidable=True),
    ]
