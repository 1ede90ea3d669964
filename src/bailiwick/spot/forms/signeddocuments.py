"""Forms that were signed with a digital certificate: the document itself, and what its certificate proves (F-8).

A part of the room's models.
"""

from django.db import models
from django.db.models import Q

from bailiwick.ground.uploads.models import Upload
from bailiwick.spot.forms.models import REASON, Signature
from bailiwick.spot.rules.certificates import Certificate
from bailiwick.spot.signin.models import Person


class SignedDocument(models.Model):
    """What stands behind a signature that was not made with a code. `certificate`: a `rules.certificates.Certificate`.

    `confirmed_by`: who of the desk compared document and certificate with the form; nothing is approved before.
    """

    signature = models.OneToOneField(Signature, models.CASCADE, primary_key=True, related_name="document")
    upload = models.OneToOneField(Upload, models.PROTECT, related_name="+")
    certificate = models.JSONField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_note = models.CharField(max_length=REASON, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | (Q(confirmed_by__isnull=False) & ~Q(confirmed_note="")),
                name="a_confirmed_document_says_who_and_what",
            ),
        ]

    @property
    def proof(self) -> Certificate:
        return Certificate.from_row(self.certificate)
