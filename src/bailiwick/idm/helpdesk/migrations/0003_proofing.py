"""What tier 3 does about proofing by hand, and the home address among the masked values. (V-5, H-3)"""

from django.db import migrations, models
from django.db.models import Q

KINDS = [
    "look",
    "see_account",
    "reveal",
    "unlock",
    "send_user_id",
    "check_caller",
    "send_reset_link",
    "cancel_request",
    "remove_roles",
    "reset_factors",
    "change_email",
    "agree_reset",
    "see_proofing",
    "decide_proofing",
]
VALUES = ["ssn", "birth_date", "email", "phone", "address"]


class Migration(migrations.Migration):
    dependencies = [("idm_helpdesk", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("act", "a_desk_act_is_of_a_known_kind"),
        migrations.RemoveConstraint("act", "a_reveal_names_its_value"),
        migrations.AddConstraint(
            "act",
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="a_desk_act_is_of_a_known_kind"),
        ),
        migrations.AddConstraint(
            "act",
            models.CheckConstraint(
                condition=Q(kind="reveal", value__in=VALUES) | (~Q(kind="reveal") & Q(value="")),
                name="a_reveal_names_its_value",
            ),
        ),
    ]
