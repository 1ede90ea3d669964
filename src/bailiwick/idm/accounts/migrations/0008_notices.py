from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idm_accounts", "0007_desk")]
    operations = [
        migrations.AddField(
            model_name="account",
            name="mail_failed_at",
            field=models.DateTimeField(null=True),
        )
    ]
