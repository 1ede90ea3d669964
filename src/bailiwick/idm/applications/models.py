"""Application files as they were put in force, one row a change, for ever (O-6)."""

from django.db import models


class Applied(models.Model):
    """What one application was from `applied_at` on. An empty `description`: it was taken out of the catalogue."""

    code = models.CharField(max_length=40)
    description = models.JSONField()
    applied_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["code", "-id"], name="what_holds_of_an_application")]
