"""Messages and calls, stored with the change that causes them, delivered afterwards (N-1)."""

from django.db import models


class State(models.TextChoices):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Message(models.Model):
    """One notice to one recipient, or one call to another program. `key` makes it one, however often it is told."""

    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=10)
    kind = models.CharField(max_length=60)
    to = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=250, blank=True)
    body = models.BinaryField(blank=True)
    is_secret = models.BooleanField(default=False)
    order = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=120, blank=True)
    done_at = models.DateTimeField(null=True)
    good_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=models.Q(state="waiting"), name="outbox_waiting_by_time"
            ),
            models.Index(
                fields=["order", "id"], condition=models.Q(state="waiting"), name="outbox_waiting_by_order"
            ),
        ]


class DevelopmentMail(models.Model):
    """What a development run "sent": read on the mailbox page. Empty in production."""

    key = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField()
    channel = models.CharField(max_length=10)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField()

    class Meta:
        ordering = ["-id"]


class InboxMessage(models.Model):
    """A copy of one notice, for its person to read in the portal (N-2). `owner`: the account's id.

    The text is sealed like a message's body, under `place`. Secrets and links with tokens are never in it.
    """

    owner = models.CharField(max_length=36)
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)
    body = models.BinaryField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="a_notice_is_once_in_an_inbox")]
        indexes = [
            models.Index(fields=["owner", "-id"], name="inbox_newest_first"),
            models.Index(fields=["owner"], condition=models.Q(read_at__isnull=True), name="inbox_unread"),
            models.Index(fields=["at"], name="inbox_by_age"),
        ]

    @property
    def place(self) -> str:
        """What the sealed text is bound to."""
        return f"inbox:{self.owner}:{self.key}"
