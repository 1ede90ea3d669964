from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spot_enrollment", "0003_version_seals")]

    operations = [
        operation
        for model in ("enrollmentrecord", "recordversion")
        for operation in (
            migrations.AddField(
                model, "form_number", models.CharField(max_length=40, blank=True, default=""), preserve_default=False
            ),
            migrations.AddField(
                model, "form_signed_by", models.CharField(max_length=200, blank=True, default=""), preserve_default=False
            ),
            migrations.AddField(model, "form_signed_at", models.DateTimeField(null=True)),
        )
    ]
