from django.db import migrations

from bailiwick.ground import vault

TIN = "spot_enrollment.enrollmentrecord.tin"
VERSION_TIN = "spot_enrollment.recordversion.tin"


def seal_for_themselves(apps, _schema):
    """Versions had their record's seal: one could take the place of another."""
    versions = apps.get_model("spot_enrollment", "RecordVersion").objects
    for version in versions.iterator():
        tin = vault.unseal(version.tin_sealed, place=TIN, row=str(version.record_id))
        row = f"{version.record_id}:{version.version}"
        versions.filter(pk=version.pk).update(tin_sealed=vault.seal(tin, place=VERSION_TIN, row=row))


class Migration(migrations.Migration):
    dependencies = [("spot_enrollment", "0002_tin_digest")]

    operations = [migrations.RunPython(seal_for_themselves, elidable=True)]
