from django.db import migrations, models
from django.db.models import Q

REASONS = ["given_up", "removed_by_approver", "removed_by_desk", "superseded", "end_date", "merged"]


class Migration(migrations.Migration):
    dependencies = [("idm_access", "0002_invitations")]

    operations = [
        migrations.RemoveConstraint(model_name="grant", name="an_ended_grant_has_a_known_reason"),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=Q(("end_reason", ""), ("ended_at__isnull", True))
                | Q(("end_reason__in", REASONS), ("ended_at__isnull", False)),
                name="an_ended_grant_has_a_known_reason",
            ),
        ),
    ]
