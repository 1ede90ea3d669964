from django.db import migrations, models

WHO = ("contact", "official", "listed")


class Migration(migrations.Migration):
    dependencies = [("spot_forms", "0008_longest_mailbox")]
    operations = [
        migrations.AlterField(
            model_name="payerwait",
            name="who",
            field=models.CharField(choices=[(one, one) for one in WHO], max_length=10),
        ),
    ]
