"""Accounts, the person behind each, and their social security numbers (A-1, A-2).

A discarded account keeps its row: that is what keeps its user ID from being given out again (R-5).
"""

import uuid

from django.db import models
from django.db.models import Q

from bailiwick.idm.rules.accounts import AccountState, SsnState


class Account(models.Model):
    """One person's account, for life. `id` is the subject that applications know (`sub`)."""

    class State(models.TextChoices):
        ACTIVE = AccountState.ACTIVE.value
        SUSPENDED = AccountState.SUSPENDED.value
        ARCHIVED = AccountState.ARCHIVED.value
        DISCARDED = AccountState.DISCARDED.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user_id = models.CharField(max_length=74)
    user_id_key = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    email = models.CharField(max_length=74, blank=True)
    email_key = models.CharField(max_length=150, blank=True, db_index=True)
    phone = models.CharField(max_length=10, blank=True)
    text_capable = models.BooleanField(default=False)
    language = models.CharField(max_length=5, default="en")
    created_at = models.DateTimeField()
    first_signed_in_at = models.DateTimeField(null=True)
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


class SsnNumber(models.Model):
    """That an account claims, holds or held a social security number; known only by its stretched digest."""

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
