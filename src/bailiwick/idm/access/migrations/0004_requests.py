"""An approver's queue is found by the organization, however many requests wait elsewhere (Q-4)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idm_access", "0003_registry")]

    operations = [
        migrations.AddIndex(
            model_name="rolerequest",
            index=models.Index(
                condition=models.Q(("state", "pending")),
                fields=["organization", "submitted_at"],
                name="requests_waiting_at_a_place",
            ),
        ),
    ]
