"""A desk finds people by their review reference number (H-1)."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("idm_proofing", "0002_whole")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["reference"], condition=~Q(reference=""), name="cases_with_a_review_reference"
            ),
        ),
    ]
