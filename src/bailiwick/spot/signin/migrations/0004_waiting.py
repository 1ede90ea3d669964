from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spot_signin", "0003_working_as")]
    operations = [
        migrations.AddField(
            model_name="session",
            name="waiting",
            field=models.JSONField(null=True),
        ),
    ]
