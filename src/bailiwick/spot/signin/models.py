"""Who is signed in to SPOT: people as IDM last named them, their sessions, and sign-ins under way.

Keys and tokens that a browser or IDM holds are kept here only as digests or sealed.
"""

import uuid

from django.db import models
from django.db.models import Q

from bailiwick.spot.rules.sessions import End, SessionFacts

DIGEST_BYTES = 32
# Grant, standing, submitter ID and provider of what somebody works as, on each record they make.
CAPACITY = 160


class Person(models.Model):
    """Somebody whom IDM knows. `sub` never changes; user ID and name are as last seen.

    `merged_into`: the `sub` of the same person's account that goes on, as IDM said at `merged_told_at`; "" for none.
    """

    issuer = models.CharField(max_length=255)
    sub = models.CharField(max_length=200)
    user_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    first_seen_at = models.DateTimeField()
    last_signed_in_at = models.DateTimeField()
    merged_into = models.CharField(max_length=200, blank=True)
    merged_told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "sub"], name="one_person_per_issuer_and_sub"),
        ]


class LoginAttempt(models.Model):
    """One sign-in under way: made before the browser goes to IDM, used once when it comes back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state_digest = models.BinaryField(max_length=DIGEST_BYTES, unique=True)
    browser_digest = models.BinaryField(max_length=DIGEST_BYTES)
    nonce_digest = models.BinaryField(max_length=DIGEST_BYTES)
    verifier_sealed = models.BinaryField()
    goes_to = models.CharField(max_length=500)
    started_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)


class SessionSet(models.QuerySet["Session"]):
    def live(self) -> "SessionSet":
        """Not ended by anybody's act; whether time has ended it is for the rules to say."""
        return self.filter(ended_at=None)


class Session(models.Model):
    """One browser's session. `grants`, `waiting` and `email_sealed` are as IDM last told, at `confirmed_at`.

    `waiting`: what waits there for the person to decide, None where it does not tell. All that is secret is wiped at the end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_digest = models.BinaryField(max_length=DIGEST_BYTES, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="sessions")
    sid = models.CharField(max_length=200, db_index=True)
    acr = models.CharField(max_length=200)
    amr = models.JSONField()
    auth_time = models.DateTimeField()
    token_issued_at = models.DateTimeField()
    access_token_sealed = models.BinaryField()
    id_token_sealed = models.BinaryField()
    email_sealed = models.BinaryField()
    grants = models.JSONField()
    waiting = models.JSONField(null=True)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    confirmed_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    unanswered_since = models.DateTimeField(null=True)
    # As what the person works (M-2): a grant's id, and one of its organization's providers; "" and None until they choose.
    working_grant = models.CharField(max_length=80, blank=True)
    working_provider = models.UUIDField(null=True)
    working_provider_name = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, db_index=True)
    end_reason = models.CharField(max_length=20, blank=True, choices=[(end.value, end.value) for end in End])

    objects = SessionSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="an_ended_session_says_why",
            ),
        ]

    @property
    def facts(self) -> SessionFacts:
        return SessionFacts(
            started_at=self.started_at,
            last_seen_at=self.last_seen_at,
            confirmed_at=self.confirmed_at,
            asked_at=self.asked_at,
            unanswered_since=self.unanswered_since,
        )


class LogoutTold(models.Model):
    """A logout token that was taken: it counts once, and no older sign-in may slip in after it."""

    jti_digest = models.BinaryField(max_length=DIGEST_BYTES, unique=True)
    issuer = models.CharField(max_length=255)
    sub = models.CharField(max_length=200, blank=True)
    sid = models.CharField(max_length=200, blank=True, db_index=True)
    issued_at = models.DateTimeField()
    told_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(sub="") | ~Q(sid=""), name="a_logout_names_a_person_or_a_session"
            ),
        ]
        indexes = [models.Index(fields=["sub"], name="logout_told_by_sub")]


class FirstEntry(models.Model):
    """When somebody first entered SPOT for an organization, and since when IDM says they may: the last steps to access (B-3)."""

    submitter_id = models.CharField(max_length=20, unique=True)
    granted_at = models.DateTimeField()
    entered_at = models.DateTimeField()
