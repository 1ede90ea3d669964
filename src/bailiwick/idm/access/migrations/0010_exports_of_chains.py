import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('idm_access', '0009_inactivity'),
        ('idm_organizations', '0002_search'),
    ]

    operations = [
        migrations.AlterField(
            model_name='export',
            name='organization',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='idm_organizations.organization'),
        ),
    ]
