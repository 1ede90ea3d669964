"""Who was told of a signature by a link to object to it, and who did (F-8). A part of the room's models."""

from django.db import models
from django.db.models import Q

from bailiwick.spot.forms.models import DIGEST_BYTES, REASON, Signature
from bailiwick.spot.signin.models import Person

# As long as a mailbox can be: it comes from the payer or the enrollment record, not from our forms.
LONGEST_MAILBOX = 254


class Objection(models.Model):
    """One mailbox that can object to one signature. `made_at` None: they have not. Settled: the desk found out and said so."""

    signature = models.ForeignKey(Signature, models.CASCADE, related_name="objections")
    token_digest = models.BinaryField(max_length=DIGEST_BYTES, unique=True)
    to = models.CharField(max_length=LONGEST_MAILBOX)
    told_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REASON, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    settled_note = models.CharField(max_length=REASON, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(made_at=None) | ~Q(reason=""), name="who_objects_says_why"),
            models.CheckConstraint(
                condition=Q(settled_at=None)
                | (Q(made_at__isnull=False, settled_by__isnull=False) & ~Q(settled_note="")),
                name="a_settled_objection_says_who_and_what",
            ),
        ]
