"""A registration on its way, and how often one was tried (R-1, A-4)."""

import uuid

from django.db import models


class Draft(models.Model):
    """One visitor's answers so far, sealed; the browser holds its key, the row the key's digest.

    `answers_sealed`: JSON of what was typed, per step, without password and answer. After Submit only the user ID.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_digest = models.BinaryField(max_length=32)
    answers_sealed = models.BinaryField()
    answered = models.JSONField(default=list)
    user_id_checks = models.PositiveSmallIntegerField(default=0)
    submits = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(db_index=True)
    submitted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key_digest"], name="a_key_opens_one_registration")]


class Tally(models.Model):
    """How many registrations there were for one SSN or from one source since `started_at`. `key` is a digest of which."""

    key = models.BinaryField(max_length=32, primary_key=True)
    started_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)
