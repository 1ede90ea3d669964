from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("idm_accounts", "0003_registry")]

    operations = []
