from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("idm_helpdesk", "0001_initial")]

    operations = []
