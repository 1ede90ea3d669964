"""The factors that people add beside an authenticator app: phones, passkeys, recovery codes (S-3, S-4)."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.factors import NAME_LONGEST, FactorKind
from bailiwick.idm.sessions.models import Session


class PhoneFactor(models.Model):
    """A phone that codes are sent to, by text or by call (S-3). Counts as a factor only from `confirmed_at` on.

    A changed number is a second row until it has shown its code; then it takes the place of the first.
    """

    class Kind(models.TextChoices):
        SMS = FactorKind.SMS.value
        VOICE = FactorKind.VOICE.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="phone_factors")
    way = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=NAME_LONGEST)
    number = models.CharField(max_length=10)
    extension = models.CharField(max_length=6, blank=True)
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "way"],
                condition=Q(confirmed_at=None),
                name="one_phone_of_a_kind_is_added_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["account", "way"],
                condition=Q(confirmed_at__isnull=False),
                name="one_phone_of_a_kind_receives_codes",
            ),
            models.CheckConstraint(
                condition=Q(way=FactorKind.VOICE.value) | Q(extension=""),
                name="only_a_call_has_an_extension",
            ),
        ]

    @property
    def kind(self) -> FactorKind:
        return FactorKind(self.way)

    @property
    def address(self) -> str:
        """Where a code goes: "3015550123", or "3015550123;ext=12"."""
        return f"{self.number};ext={self.extension}" if self.extension else self.number


class Passkey(models.Model):
    """A passkey or security key (WebAuthn): its public half (S-3). There is no row before it has signed a challenge.

    `sign_count`: the last it showed; `has_verified`: it asked for a fingerprint, face or PIN when it was added, so it
    can start a sign-in by itself (S-4).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=NAME_LONGEST)
    credential_id = models.BinaryField(max_length=1023)
    public_key = models.BinaryField(max_length=2048)
    sign_count = models.BigIntegerField(default=0)
    transports = models.CharField(max_length=80, blank=True)
    has_verified = models.BooleanField(default=False)
    is_backed_up = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credential_id"], name="a_passkey_opens_one_account"),
        ]

    @property
    def kind(self) -> FactorKind:
        return FactorKind.PASSKEY

    @property
    def confirmed_at(self) -> datetime:
        return self.added_at


class PasskeyChallenge(models.Model):
    """What a passkey must sign, once (AX08): asked within a session, or by a browser whose cookie `flow_digest` knows.

    The row is deleted by whoever uses it, also where the answer turns out wrong.
    """

    class Purpose(models.TextChoices):
        ADD = "add"
        VERIFY = "verify"
        SIGN_IN = "sign_in"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, null=True, related_name="passkey_challenges")
    flow_digest = models.BinaryField(max_length=32, null=True)
    purpose = models.CharField(max_length=10, choices=Purpose)
    challenge = models.BinaryField(max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "purpose"], name="a_session_waits_for_one_passkey"),
            models.UniqueConstraint(fields=["flow_digest"], name="a_browser_waits_for_one_passkey"),
            models.CheckConstraint(
                condition=Q(session=None, flow_digest__isnull=False)
                | Q(session__isnull=False, flow_digest=None),
                name="a_challenge_is_bound_to_a_session_or_a_browser",
            ),
        ]


class RecoverySheet(models.Model):
    """Ten recovery codes made together (S-3). They count from `confirmed_at` on, when one of them was typed back.

    `codes_sealed` holds them until then, so that the page can be shown again; afterwards only the digests are left.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_sheets")
    codes_sealed = models.BinaryField(blank=True)
    added_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(confirmed_at=None),
                name="one_recovery_sheet_is_made_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(confirmed_at__isnull=False),
                name="one_recovery_sheet_counts",
            ),
        ]

    @property
    def kind(self) -> FactorKind:
        return FactorKind.RECOVERY

    @property
    def name(self) -> str:
        return ""


class RecoveryCode(models.Model):
    """One of a sheet's codes: 80 random bits, of which the row keeps the SHA-256, salted by the sheet."""

    sheet = models.ForeignKey(RecoverySheet, models.CASCADE, related_name="codes")
    digest = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="a_recovery_code_is_one_sheets"),
        ]
