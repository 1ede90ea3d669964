"""How far each role is on its way to resting, and who still has to hear of what ended by itself (I-3, I-5)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("idm_access", "0008_certification")]

    operations = [
        migrations.AddField(
            "grant", "inactivity_noted", models.PositiveSmallIntegerField(default=0, db_default=0)
        ),
        migrations.AddField(
            "grant", "inactivity_told", models.PositiveSmallIntegerField(default=0, db_default=0)
        ),
        migrations.AddField("grant", "holder_knows_end", models.BooleanField(default=True, db_default=True)),
        migrations.AddField("grant", "deciders_know_end", models.BooleanField(default=True, db_default=True)),
        migrations.AddIndex(
            "grant",
            models.Index(
                fields=["account"],
                condition=models.Q(inactivity_noted__gt=models.F("inactivity_told"), ended_at__isnull=True),
                name="grants_to_warn_of",
            ),
        ),
        migrations.AddIndex(
            "grant",
            models.Index(
                fields=["account"],
                condition=models.Q(holder_knows_end=False),
                name="ends_to_tell_holders",
            ),
        ),
        migrations.AddIndex(
            "grant",
            models.Index(
                fields=["organization"],
                condition=models.Q(deciders_know_end=False),
                name="ends_to_tell_deciders",
            ),
        ),
    ]
