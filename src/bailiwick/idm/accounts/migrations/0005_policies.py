from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idm_accounts", "0003_registry")]

    operations = [
        migrations.AddField("account", "last_signed_in_at", models.DateTimeField(null=True)),
        migrations.AddField("account", "reset_due_at", models.DateTimeField(null=True)),
    ]
