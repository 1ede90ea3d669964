from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("idm_portal", "0002_invitations")]

    operations = []
