from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spot_forms", "0006_read_in")]
    operations = [
        migrations.AddField(
            model_name="move",
            name="working_as",
            field=models.CharField(blank=True, db_default="", default="", max_length=160),
        ),
    ]
