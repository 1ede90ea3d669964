"""What opens an account: password, security answer, one-time codes, factors, and the counter of failures (S-5)."""

import uuid

from django.db import models
from django.db.models import Q

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.factors import CodeState, FactorKind
from bailiwick.idm.rules.resetting import LinkState
from bailiwick.idm.sessions.models import Session
from bailiwick.idm.signin.factor_models import (  # noqa: F401 - tables of this room, in a file of their own
    Passkey,
    PasskeyChallenge,
    PhoneFactor,
    RecoveryCode,
    RecoverySheet,
)
from bailiwick.idm.signin.recovery_models import (  # noqa: F401 - likewise
    FactorReset,
    LadderCode,
    Recovery,
    UserIdAsked,
)


class Password(models.Model):
    """The account's password, as Argon2id of its peppered form (P-3)."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="password")
    encoded = models.CharField(max_length=255)
    set_at = models.DateTimeField()
    changed_by_holder_at = models.DateTimeField(null=True)


class FormerPassword(models.Model):
    """One of the passwords before, kept so that it is not chosen again (P-2)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="former_passwords")
    encoded = models.CharField(max_length=255)
    replaced_at = models.DateTimeField()


class SecurityAnswer(models.Model):
    """The answer to one question of `rules.signin.QUESTIONS`, hashed like a password (P-10)."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="security_answer")
    question = models.CharField(max_length=40)
    encoded = models.CharField(max_length=255)
    set_at = models.DateTimeField()


class FormerAnswer(models.Model):
    """An answer before, for as long as the sign-in in which it was replaced may turn out to be somebody else's (S-9)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="former_answers")
    question = models.CharField(max_length=40)
    encoded = models.CharField(max_length=255)
    set_at = models.DateTimeField()
    replaced_at = models.DateTimeField(db_index=True)


class ResetLink(models.Model):
    """A mailed link by which the holder sets a new password, once (P-6, H-4). Only the digest of its token is kept.

    `tries`: wrong security answers, each counted before the answer is looked at.
    """

    class State(models.TextChoices):
        LIVE = LinkState.LIVE.value
        USED = LinkState.USED.value
        VOID = LinkState.VOID.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="reset_links")
    token_digest = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, choices=State, default=State.LIVE)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_digest"], name="a_token_opens_one_reset"),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state=LinkState.LIVE.value),
                name="an_account_waits_for_one_reset",
            ),
        ]


class PasswordPath(models.Model):
    """The failures of one person over all doors, or of one user ID that nobody has (S-5). The way back in counts apart.

    `key` is made of the account's id, or of the typed user ID where there is no account: both kinds look alike.
    `failed_at`: instants in ISO 8601, spaces between. Only `actions.attempts` writes it, by comparing `version`.
    """

    key = models.BinaryField(max_length=32, primary_key=True)
    door = models.CharField(max_length=10, default="path")
    version = models.PositiveIntegerField(default=0)
    failed_at = models.CharField(max_length=200, blank=True)
    pending = models.PositiveSmallIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    touched_at = models.DateTimeField(db_index=True)


class OneTimeCode(models.Model):
    """A code that was sent, bound to one browser session and purpose; only its digest is kept (S-2)."""

    class State(models.TextChoices):
        LIVE = CodeState.LIVE.value
        USED = CodeState.USED.value
        VOID = CodeState.VOID.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="codes")
    session = models.ForeignKey(Session, models.CASCADE, related_name="codes")
    channel = models.CharField(max_length=10)
    digest = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, choices=State, default=State.LIVE)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(state=CodeState.LIVE.value),
                name="a_session_waits_for_one_code",
            )
        ]
        indexes = [models.Index(fields=["account", "channel", "sent_at"], name="codes_sent_to_an_account")]


class Authenticator(models.Model):
    """An authenticator app (TOTP). Counts as a factor only from `confirmed_at` on; `last_step` is never used again."""

    class Kind(models.TextChoices):
        TOTP = FactorKind.TOTP.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="authenticators")
    name = models.CharField(max_length=40)
    secret_sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(confirmed_at=None),
                name="one_authenticator_is_added_at_a_time",
            )
        ]

    @property
    def kind(self) -> FactorKind:
        return FactorKind.TOTP
