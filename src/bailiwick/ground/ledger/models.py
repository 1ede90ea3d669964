"""One row an event. The table is made by the migration, with triggers that refuse every change (L-1)."""

from django.db import models


class Entry(models.Model):
    """Who did what to whom, for which organization and application, when, from where, why, with what outcome.

    Holds ids and codes only: no personal value ever.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    deed = models.CharField(max_length=80)
    actor = models.CharField(max_length=80)
    subject = models.CharField(max_length=80)
    organization = models.CharField(max_length=40)
    application = models.CharField(max_length=40)
    source = models.CharField(max_length=45)
    why = models.CharField(max_length=2000)
    outcome = models.CharField(max_length=60)
    about = models.JSONField()

    class Meta:
        # Unmanaged: nothing but the migration touches the table, not even a test's flush.
        managed = False
        db_table = "ledger_entry"
        ordering = ["id"]
