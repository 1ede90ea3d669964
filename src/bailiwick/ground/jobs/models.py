"""When each periodic job ran last, and who holds it now."""

from django.db import models


class Tick(models.Model):
    """One row a job. The lease keeps two workers from running the same job at once."""

    name = models.CharField(max_length=80, unique=True)
    last_run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
