"""Getting back in: the ladder of one browser, the codes sent on it, and the resets that IDM's desk starts (P-7 to P-9).

No secret is stored: a cookie or a link is 256 random bits of which the row keeps the SHA-256, a code is digested by key.
"""

import uuid

from django.db import models
from django.db.models import Q

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.factors import CodeState
from bailiwick.idm.rules.recovering import Goal, RecoveryState
from bailiwick.idm.rules.restoring import ResetKind, ResetState


class Recovery(models.Model):
    """How far one browser has come towards a new password or an open path (P-7, P-8).

    `account`: None where nobody who could recover has the typed user ID; `whose` and `path` are the
    counters of either (S-5). `answers`: wrong security answers, each counted before it is looked at.
    """

    class State(models.TextChoices):
        STARTED = RecoveryState.STARTED.value
        SENT = RecoveryState.SENT.value
        PROVED = RecoveryState.PROVED.value
        DONE = RecoveryState.DONE.value
        VOID = RecoveryState.VOID.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cookie_digest = models.BinaryField(max_length=32)
    goal = models.CharField(max_length=10, choices=[(goal.value, goal.name) for goal in Goal])
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="recoveries")
    whose = models.BinaryField(max_length=32)
    path = models.BinaryField(max_length=32)
    source_digest = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, choices=State, default=State.STARTED)
    channel = models.CharField(max_length=10, blank=True)
    answers = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "recoveries"
        constraints = [
            models.UniqueConstraint(fields=["cookie_digest"], name="a_browser_is_on_one_ladder"),
            models.CheckConstraint(
                condition=~Q(state__in=[RecoveryState.PROVED.value, RecoveryState.DONE.value])
                | Q(account__isnull=False),
                name="nobody_proves_to_be_nobody",
            ),
        ]
        indexes = [
            models.Index(fields=["source_digest", "begun_at"], name="recoveries_from_a_place"),
            models.Index(fields=["account", "state"], name="recoveries_of_an_account"),
        ]


class LadderCode(models.Model):
    """A code sent on a ladder. Where nothing was sent the row is the same, and nobody knows its number."""

    class State(models.TextChoices):
        LIVE = CodeState.LIVE.value
        USED = CodeState.USED.value
        VOID = CodeState.VOID.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recovery = models.ForeignKey(Recovery, models.CASCADE, related_name="codes")
    whose = models.BinaryField(max_length=32)
    channel = models.CharField(max_length=10)
    digest = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, choices=State, default=State.LIVE)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recovery"],
                condition=Q(state=CodeState.LIVE.value),
                name="a_ladder_waits_for_one_code",
            )
        ]
        indexes = [models.Index(fields=["whose", "channel", "sent_at"], name="ladder_codes_sent_to_a_person")]


class UserIdAsked(models.Model):
    """Somebody forgot a user ID, or says so: counted by where it came from and by whom it was about (P-8)."""

    source_digest = models.BinaryField(max_length=32)
    asked_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["source_digest", "asked_at"], name="user_ids_asked_from_a_place")]


class FactorReset(models.Model):
    """What IDM's desk started for a person who lost every factor or the mailbox; it holds at `due_at` (P-9).

    `agreed_by`: a second person, who took the wait away (H-5). `email`: the new mailbox, blank once it is in place.
    """

    class State(models.TextChoices):
        WAITING = ResetState.WAITING.value
        DONE = ResetState.DONE.value
        CANCELED = ResetState.CANCELED.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="factor_resets")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in ResetKind])
    email = models.CharField(max_length=74, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    token_digest = models.BinaryField(max_length=32)
    asked_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_digest"], name="a_token_cancels_one_factor_reset"),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state=ResetState.WAITING.value),
                name="an_account_waits_for_one_factor_reset",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=models.F("asked_by")),
                name="two_people_are_two_people",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state=ResetState.WAITING.value),
                name="factor_resets_that_wait",
            )
        ]
