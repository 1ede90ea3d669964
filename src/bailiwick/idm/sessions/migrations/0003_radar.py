"""The sharing radar looks at the sessions of the last day (H-6)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idm_sessions", "0002_devices")]

    operations = [
        migrations.AddIndex(
            model_name="session", index=models.Index(fields=["created_at"], name="sessions_by_their_begin")
        ),
    ]
