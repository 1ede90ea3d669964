import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("idm_accounts", "0001_initial"),
        ("idm_signin", "0004_recovery"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=40)),
                ("encoded", models.CharField(max_length=255)),
                ("set_at", models.DateTimeField()),
                ("replaced_at", models.DateTimeField(db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_answers",
                        to="idm_accounts.account",
                    ),
                ),
            ],
        ),
    ]
