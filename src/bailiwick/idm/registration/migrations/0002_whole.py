from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idm_registration", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="draft", name="submits", field=models.PositiveSmallIntegerField(default=0)
        ),
    ]
