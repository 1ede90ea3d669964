"""Kept files. The row says what it was and when it goes; the content lies sealed in a row of its own, and goes first."""

import uuid

from django.db import models
from django.db.models import Q

from bailiwick.ground.uploads.rules import Kind
from bailiwick.ground.uploads.rules import State as UploadState


class Upload(models.Model):
    """One file. Its id, which is random, is its only name: what the person's computer called it is not kept."""

    class State(models.TextChoices):
        QUARANTINE = UploadState.QUARANTINE.value
        OPEN = UploadState.OPEN.value
        INFECTED = UploadState.INFECTED.value
        DELETED = UploadState.DELETED.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=40)
    # What it belongs to: the id of a case or a draft, as the room that keeps it says.
    subject = models.CharField(max_length=80, db_index=True)
    by = models.CharField(max_length=80)
    kind = models.CharField(max_length=4, choices=[(kind.value, kind.value) for kind in Kind])
    bytes = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State)
    at = models.DateTimeField()
    delete_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=UploadState.DELETED.value, deleted_at__isnull=False)
                | (~Q(state=UploadState.DELETED.value) & Q(deleted_at__isnull=True)),
                name="a_deleted_upload_says_when",
            )
        ]
        indexes = [
            models.Index(
                fields=["delete_at"], condition=Q(deleted_at__isnull=True), name="uploads_due_for_deletion"
            ),
            models.Index(fields=["at"], condition=Q(state="quarantine"), name="uploads_in_quarantine"),
        ]


class Sealed(models.Model):
    """The content, sealed for this upload's row alone; there while the upload is neither infected nor deleted."""

    upload = models.OneToOneField(Upload, models.CASCADE, primary_key=True, related_name="sealed")
    data = models.BinaryField()
