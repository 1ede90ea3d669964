"""What was asked and answered, and the reviews that wait for a call. People are known by a keyed digest only."""

from django.db import models

from bailiwick.bureau.decisions import Review as ReviewState


class Review(models.Model):
    """A review reference number, bound to the person it was given for."""

    reference = models.CharField(max_length=32, unique=True)
    person_digest = models.BinaryField(max_length=32, db_index=True)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in ReviewState])
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)


class Verification(models.Model):
    """One request id: what it asked (as a keyed digest), how often it was sent, and the one answer it gets."""

    request_id = models.UUIDField(unique=True)
    body_digest = models.BinaryField(max_length=32)
    sendings = models.PositiveIntegerField(default=0)
    answer = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer=None, answered_at=None)
                | models.Q(answer__isnull=False, answered_at__isnull=False),
                name="an_answered_verification_says_when",
            )
        ]
