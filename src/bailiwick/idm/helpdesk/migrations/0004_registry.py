"""The values that a holder asks to have corrected are revealed like those that are (A-7, H-3)."""

from django.db import migrations, models
from django.db.models import Q

VALUES = ["ssn", "birth_date", "email", "phone", "address", "new_ssn", "new_birth"]


class Migration(migrations.Migration):
    dependencies = [("idm_helpdesk", "0003_proofing")]

    operations = [
        migrations.RemoveConstraint("act", "a_reveal_names_its_value"),
        migrations.AddConstraint(
            "act",
            models.CheckConstraint(
                condition=Q(kind="reveal", value__in=VALUES) | (~Q(kind="reveal") & Q(value="")),
                name="a_reveal_names_its_value",
            ),
        ),
    ]
