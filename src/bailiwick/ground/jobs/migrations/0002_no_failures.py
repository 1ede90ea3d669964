"""Nothing ever counted a job's failures; only workers read the table, and an update stops them first."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [migrations.RemoveField(model_name="tick", name="failures")]
