from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spot_signin", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="merged_into",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="person",
            name="merged_told_at",
            field=models.DateTimeField(null=True),
        ),
    ]
