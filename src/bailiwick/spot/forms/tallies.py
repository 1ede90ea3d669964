"""How often something was done (F-5, F-6, F-9, B-4). A part of the room's models."""

from django.db import models

from bailiwick.spot.forms.models import DIGEST_BYTES


class Tally(models.Model):
    """How often something was done since `opened_at`; counted before it is done, exact under parallel requests."""

    key = models.BinaryField(max_length=DIGEST_BYTES, primary_key=True)
    opened_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()
