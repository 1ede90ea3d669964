"""A certification between two accounts that are one person's now is looked at, as an approval is (A-5, Q-5)."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("idm_access", "0008_certification"), ("idm_registry", "0001_initial")]

    operations = [
        migrations.AlterField(
            "joineddecision",
            "request",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="idm_access.rolerequest",
            ),
        ),
        migrations.AddField(
            "joineddecision",
            "certification",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="idm_access.certification",
            ),
        ),
        migrations.AddConstraint(
            "joineddecision",
            models.UniqueConstraint(
                fields=["merge", "certification"], name="a_joined_certification_is_looked_at_once"
            ),
        ),
        migrations.AddConstraint(
            "joineddecision",
            models.CheckConstraint(
                condition=Q(request__isnull=False, certification__isnull=True)
                | Q(request__isnull=True, certification__isnull=False),
                name="a_joined_decision_is_about_one_thing",
            ),
        ),
    ]
