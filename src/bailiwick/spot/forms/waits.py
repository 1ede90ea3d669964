"""Who waits for the payer to answer: they are told when it does (F-6, F-8). A part of the room's models."""

from django.db import models
from django.db.models import Q

from bailiwick.spot.forms.models import EMAIL, Case
from bailiwick.spot.rules.filechecks import Waiter


class PayerWait(models.Model):
    """One person of a case who was told that the payer is away, or all whom its signed list names; these have no `to`.

    `ended_at`: told, or nothing to wait for any more.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="payer_waits")
    who = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Waiter])
    to = models.CharField(max_length=EMAIL)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "who"],
                condition=Q(ended_at=None),
                name="one_waits_for_the_payer_once",
            ),
        ]
        indexes = [
            models.Index(fields=["since"], condition=Q(ended_at=None), name="payer_waits_by_age"),
        ]
