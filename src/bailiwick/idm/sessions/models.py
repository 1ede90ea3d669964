"""Browser sessions at IDM, and what grew from them at the applications: application sessions and token families.

No secret is stored: a cookie, a code or a token is 256 random bits of which the row keeps the SHA-256.
"""

import uuid

from django.db import models

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.sessions import SessionTimes, Stage


class Device(models.Model):
    """A browser that an account was signed in to from, known by a random cookie (S-9). `words`: like "Firefox, Windows".

    The digest is made of cookie and account together: the rows do not tell that two accounts share a browser.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="devices")
    digest = models.BinaryField(max_length=32)
    words = models.CharField(max_length=80, blank=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="a_cookie_is_one_device_of_one_account")
        ]


class Session(models.Model):
    """One sign-in of one person in one browser (S-1, S-7, S-8).

    `proofs`: each factor passed in it, with the time of the last pass in ISO 8601 (S-6). `device` is null until the
    first page after the sign-in; `place`: where from, in words or as a network prefix.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_digest = models.BinaryField(max_length=32)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="sessions")
    stage = models.CharField(max_length=10, choices=[(stage.value, stage.name) for stage in Stage])
    amr = models.JSONField(default=list)
    acr = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()
    authenticated_at = models.DateTimeField(null=True)
    factor_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True, default="")
    proofs = models.JSONField(default=dict)
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="sessions")
    place = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_digest"], name="a_cookie_opens_one_session"),
            models.CheckConstraint(
                condition=models.Q(stage=Stage.PASSWORD)
                | models.Q(authenticated_at__isnull=False, factor_at__isnull=False),
                name="a_signed_in_session_knows_its_factor",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account"], condition=models.Q(ended_at__isnull=True), name="open_sessions_of_account"
            ),
            models.Index(fields=["created_at"], name="sessions_by_their_begin"),
        ]

    @property
    def times(self) -> SessionTimes:
        return SessionTimes(
            created_at=self.created_at, last_seen_at=self.last_seen_at, ended_at=self.ended_at
        )


class ApplicationSession(models.Model):
    """A person's presence in one application, by way of one IDM session. Its id is the `sid` that the application sees.

    Each application has its own, so that two of them cannot recognize a person by it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="application_sessions")
    application = models.CharField(max_length=40)
    client_id = models.CharField(max_length=100)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "application"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_application_session_a_session",
            )
        ]


class TokenFamily(models.Model):
    """Everything that grew from one authorization code: the access token in force and, perhaps, a refresh token.

    A code is used by inserting this row: who loses the insert presented a used code, and the family dies (AX14).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application_session = models.ForeignKey(
        ApplicationSession, on_delete=models.PROTECT, related_name="token_families"
    )
    client_id = models.CharField(max_length=100)
    scope = models.CharField(max_length=200)
    acr = models.CharField(max_length=64)
    amr = models.JSONField(default=list)
    authenticated_at = models.DateTimeField()
    code_digest = models.BinaryField(max_length=32)
    access_digest = models.BinaryField(max_length=32)
    access_expires_at = models.DateTimeField()
    refresh_digest = models.BinaryField(max_length=32, null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        verbose_name_plural = "token families"
        constraints = [
            models.UniqueConstraint(fields=["code_digest"], name="a_code_is_used_once"),
            models.UniqueConstraint(fields=["access_digest"], name="an_access_token_is_one_familys"),
        ]


class DisowningLink(models.Model):
    """The way to "This was not me" that the mail about one sign-in carries (S-9). Only the token's digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="disowning_link")
    token_digest = models.BinaryField(max_length=32)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_digest"], name="a_token_disowns_one_sign_in")]
