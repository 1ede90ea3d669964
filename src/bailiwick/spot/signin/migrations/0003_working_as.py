from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("spot_signin", "0002_subjects")]
    operations = [
        migrations.AddField(
            model_name="session",
            name="working_grant",
            field=models.CharField(blank=True, default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="session",
            name="working_provider",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="session",
            name="working_provider_name",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="FirstEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("submitter_id", models.CharField(max_length=20, unique=True)),
                ("granted_at", models.DateTimeField()),
                ("entered_at", models.DateTimeField()),
            ],
        ),
    ]
