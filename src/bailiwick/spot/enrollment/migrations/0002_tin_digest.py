"""The stretched digest by which the same TIN is found again (F-6), for the records that are there already."""

from django.db import migrations, models

from bailiwick.ground import vault
from bailiwick.spot.enrollment.models import TIN, TIN_PURPOSE


def digest_held_tins(apps, _editor):
    records = apps.get_model("spot_enrollment", "EnrollmentRecord").objects
    for record in records.filter(tin_digest=None).only("pk", "tin_sealed").iterator(200):
        tin = vault.unseal(record.tin_sealed, place=TIN, row=str(record.pk))
        records.filter(pk=record.pk).update(tin_digest=vault.stretched_digest(tin, purpose=TIN_PURPOSE))


class Migration(migrations.Migration):
    dependencies = [("spot_enrollment", "0001_initial")]

    operations = [
        migrations.AddField("enrollmentrecord", "tin_digest", models.BinaryField(max_length=32, null=True)),
        migrations.RunPython(digest_held_tins, migrations.RunPython.noop),
        migrations.AddIndex("enrollmentrecord", models.Index(fields=["tin_digest"], name="records_by_tin")),
    ]
