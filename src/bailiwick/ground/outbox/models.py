"""Messages and calls, stored with the change that causes them, delivered afterwards (N-1)."""

from django.db import models


class State(models.TextChoices):
    """`BUNDLED`: goes in the mail of its `head`. `BOUNCED`: the mail server of the recipient gave it back."""

    WAITING = "waiting"
    BUNDLED = "bundled"
    DONE = "done"
    FAILED = "failed"
    BOUNCED = "bounced"


class Message(models.Model):
    """One notice to one recipient, or one call to another program. `key` makes it one, however often it is told.

    `bundle`: what several of share one mail, else ""; `head`: the message whose mail this one goes in. `mail_id`: the
    left part of the Message-ID of a mail that was handed over, by which one that comes back is found. `noted_at`: when
    the program drew the consequences of a mail that came back. `subject` and `body` are "" once they are forgotten.
    """

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
    bundle = models.CharField(max_length=64, blank=True, default="", db_default="")
    head = models.BigIntegerField(null=True)
    mail_id = models.CharField(max_length=40, blank=True, default="", db_default="")
    noted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["bundle", "id"], condition=~models.Q(bundle=""), name="outbox_by_bundle"),
            models.Index(fields=["mail_id"], condition=~models.Q(mail_id=""), name="outbox_by_mail"),
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["failed", "bounced"]),
                name="outbox_undelivered",
            ),
            models.Index(
                fields=["done_at"],
                condition=models.Q(head=None, done_at__isnull=False) & ~models.Q(body=b""),
                name="outbox_contents_by_age",
            ),
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


class Declined(models.Model):
    """Somebody does not want mails of an optional kind; the copy in the inbox stays. `owner`: the account's id."""

    owner = models.CharField(max_length=36)
    kind = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "kind"], name="a_kind_is_declined_once")]


class Announcement(models.Model):
    """A banner on the pages of an application, from–to, and where wanted a mail to its people (N-4).

    `application`: its code, or "" for all. `texts`: {language: {"heading", "text"}}. `mailed_to`: the last account that
    the mailing has reached, "" before the first; `mailed_at`: when it reached them all.
    """

    id = models.UUIDField(primary_key=True)
    application = models.CharField(max_length=40, blank=True)
    is_warning = models.BooleanField(default=False)
    texts = models.JSONField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    is_mailed = models.BooleanField(default=False)
    mailed_to = models.CharField(max_length=36, blank=True)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="announcements_by_end")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="an_announcement_ends_after_it_starts",
            )
        ]
