"""Accounts, the person behind each, and their social security numbers (A-1, A-2).

A discarded account keeps its row: that is what keeps its user ID from being given out again (R-5).
"""

import secrets
import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.db.models.sql.compiler import SQLCompiler

from bailiwick.idm.rules.accounts import AccountState, SsnState
from bailiwick.idm.rules.mailboxes import ChangeState

IDENTITY_BYTES = 32


def random_identity() -> bytes:
    """What a number is known by: nothing can be found out from it."""
    return secrets.token_bytes(IDENTITY_BYTES)


class Account(models.Model):
    """One person's account, for life. `id` is the subject that applications know (`sub`).

    `frozen_at`: its holder said "this was not me" (S-9); only a completed recovery lifts it.
    `merged_into`: the same person's account that goes on in its place (A-5). `mail_failed_at`: when mail to `email` came
    back for good (N-2); another address, or the holder, clears it.
    """

    class State(models.TextChoices):
        ACTIVE = AccountState.ACTIVE.value
        SUSPENDED = AccountState.SUSPENDED.value
        ARCHIVED = AccountState.ARCHIVED.value
        DISCARDED = AccountState.DISCARDED.value
        MERGED = AccountState.MERGED.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.CharField(max_length=74)
    user_id_key = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    frozen_at = models.DateTimeField(null=True)
    preferred_name = models.CharField(max_length=40, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged_accounts")
    email = models.CharField(max_length=74, blank=True)
    email_key = models.CharField(max_length=150, blank=True, db_index=True)
    phone = models.CharField(max_length=10, blank=True)
    text_capable = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="en")
    created_at = models.DateTimeField()
    first_signed_in_at = models.DateTimeField(null=True)
    last_signed_in_at = models.DateTimeField(null=True)
    reset_due_at = models.DateTimeField(null=True)
    mail_failed_at = models.DateTimeField(null=True)
    terms_version = models.CharField(max_length=20, blank=True)
    terms_at = models.DateTimeField(null=True)
    business_employer = models.CharField(max_length=100, blank=True)
    business_title = models.CharField(max_length=60, blank=True)
    business_address = models.CharField(max_length=200, blank=True)
    business_phone = models.CharField(max_length=10, blank=True)
    business_extension = models.CharField(max_length=6, blank=True)
    business_fax = models.CharField(max_length=10, blank=True)
    business_email = models.CharField(max_length=74, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id_key"], name="a_user_id_belongs_to_one_account_for_life"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in AccountState]),
                name="an_account_is_in_a_known_state",
            ),
            models.CheckConstraint(
                condition=Q(state=AccountState.MERGED.value, merged_into__isnull=False)
                | (~Q(state=AccountState.MERGED.value) & Q(merged_into__isnull=True)),
                name="a_merged_account_points_at_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(first_signed_in_at=None),
                name="accounts_never_signed_in_to",
            )
        ]


class Person(models.Model):
    """Who holds the account. Sealed columns open only through `queries.personal_facts`."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="person")
    first_name = models.CharField(max_length=20)
    middle_name = models.CharField(max_length=20, blank=True)
    last_name = models.CharField(max_length=25)
    suffix = models.CharField(max_length=5, blank=True)
    name_key = models.CharField(max_length=100)
    birth_date_sealed = models.BinaryField()
    birth_date_digest = models.BinaryField(max_length=32, db_index=True)
    ssn_sealed = models.BinaryField(null=True)
    home_address_sealed = models.BinaryField()
    is_us_address = models.BooleanField(default=True)
    zip = models.CharField(max_length=12, blank=True)
    corrections = models.PositiveSmallIntegerField(default=0)
    # When what is compared of a person was last written: who looks for duplicates starts here.
    facts_at = models.DateTimeField(null=True, db_index=True)


class LastNameKey(models.Func):
    """What stands behind the bar of `name_key`: an index on it finds people by the begin of their last name."""

    function = "SPLIT_PART"
    template = "%(function)s(%(expressions)s, '|', 2)"
    output_field = models.TextField()

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            template="SUBSTR(%(expressions)s, INSTR(%(expressions)s, '|') + 1)",
            **context,
        )


class FormerName(models.Model):
    """A legal name that was the person's from `since` until `until` (A-7). It still finds them (A-4, A-5)."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="former_names")
    first_name = models.CharField(max_length=20)
    middle_name = models.CharField(max_length=20, blank=True)
    last_name = models.CharField(max_length=25)
    suffix = models.CharField(max_length=5, blank=True)
    name_key = models.CharField(max_length=100)
    since = models.DateTimeField()
    until = models.DateTimeField()


class KnownSsn(models.Model):
    """A social security number that was ever given: sealed, and the random `identity` by which everything else knows it.

    Rows that stay for life hold the identity, never a digest: so the digest's key can be changed (A-2, L-4).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    identity = models.BinaryField(max_length=32, default=random_identity)
    number_sealed = models.BinaryField()
    seen_at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["identity"], name="an_identity_is_one_ssns")]


class SsnDigest(models.Model):
    """The stretched digest that finds a number again: one under each key of the ring, so two processes always share one."""

    known = models.ForeignKey(KnownSsn, models.CASCADE, related_name="digests")
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="an_ssn_is_known_once")]


class SsnNumber(models.Model):
    """That an account claims, holds or held a social security number. `digest`: the number's identity (`KnownSsn`)."""

    class State(models.TextChoices):
        CLAIM = SsnState.CLAIM.value
        VERIFIED = SsnState.VERIFIED.value
        VOID = SsnState.VOID.value
        FORMER = SsnState.FORMER.value

    account = models.ForeignKey(Account, models.CASCADE, related_name="ssn_numbers")
    digest = models.BinaryField(max_length=32, db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.CLAIM)
    claimed_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest"],
                condition=Q(state__in=[SsnState.VERIFIED.value, SsnState.FORMER.value]),
                name="a_verified_ssn_belongs_to_one_account_for_life",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state__in=[SsnState.CLAIM.value, SsnState.VERIFIED.value]),
                name="an_account_has_one_current_ssn",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in SsnState]), name="an_ssn_is_in_a_known_state"
            ),
        ]


class HeldUserId(models.Model):
    """A user ID that a stopped registration asked for: held for a while, so that asking again tells nothing (A-4)."""

    user_id_key = models.CharField(max_length=150, primary_key=True)
    held_until = models.DateTimeField()


class EmailChange(models.Model):
    """One change of the mailbox that an account is reached by, from asking to the last day of taking it back (R-9).

    Bound to the account and to both addresses: a link of another change confirms nothing here. Of the links only the
    digests are kept; either of the last two takes the change back.
    """

    class State(models.TextChoices):
        WAITING = ChangeState.WAITING.value
        CONFIRMED = ChangeState.CONFIRMED.value
        REPLACED = ChangeState.REPLACED.value
        TAKEN_BACK = ChangeState.TAKEN_BACK.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="email_changes")
    before = models.CharField(max_length=74)
    after = models.CharField(max_length=74)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    confirm_digest = models.BinaryField(max_length=32)
    cancel_digest = models.BinaryField(max_length=32)
    undo_digest = models.BinaryField(max_length=32, null=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["confirm_digest"], name="a_link_confirms_one_email_change"),
            models.UniqueConstraint(fields=["cancel_digest"], name="a_link_cancels_one_email_change"),
            models.UniqueConstraint(fields=["undo_digest"], name="a_link_undoes_one_email_change"),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state=ChangeState.WAITING.value),
                name="an_account_waits_for_one_email_change",
            ),
            models.CheckConstraint(
                condition=~Q(state=ChangeState.CONFIRMED.value) | Q(confirmed_at__isnull=False),
                name="a_confirmed_email_change_has_its_time",
            ),
        ]
