from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_channels")]

    operations = [
        migrations.CreateModel(
            name="InboxMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("owner", models.CharField(max_length=36)),
                ("key", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=60)),
                ("body", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "-id"], name="inbox_newest_first"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)), fields=["owner"], name="inbox_unread"
                    ),
                    models.Index(fields=["at"], name="inbox_by_age"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "key"), name="a_notice_is_once_in_an_inbox")
                ],
            },
        ),
    ]
