from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spot_services", "0003_by_name")]
    operations = [
        migrations.AddField(model_name="affiliation", name="pc_ace_on", field=models.DateField(null=True)),
    ]
