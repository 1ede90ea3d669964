"""Which keys a database was ever written with: ids and dates, never a key (L-4)."""

from django.db import models


class KeyUse(models.Model):
    """One key's time in this database. Written before the first value is made with it, and kept."""

    name = models.CharField(max_length=20)
    identifier = models.CharField(max_length=32)
    added_at = models.DateTimeField()
    current_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "identifier"], name="a_key_is_listed_once"),
        ]
