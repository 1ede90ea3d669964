from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spot_forms", "0007_working_as")]
    operations = [
        migrations.AlterField(
            model_name="objection",
            name="to",
            field=models.CharField(max_length=254),
        ),
    ]
