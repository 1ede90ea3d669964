from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spot_forms", "0005_lists")]
    operations = [
        migrations.AddField(
            model_name="signature",
            name="read_in",
            # In the database, too: a program of before writes signatures while this one starts.
            field=models.CharField(blank=True, default="", db_default="", max_length=5),
        ),
    ]
