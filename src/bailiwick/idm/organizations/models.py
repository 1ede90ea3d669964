"""Enrollment records as applications send them, and organizations: records that somebody claimed (G-1).

An organization has no name, TIN or kind of its own: all is read from its record, never copied.
"""

import uuid

from django.db import models
from django.db.models import Q

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.catalogue import OrganizationKind


class EnrollmentRecord(models.Model):
    class TinTag(models.TextChoices):
        EIN = "ein"
        SSN = "ssn"

    class Status(models.TextChoices):
        ACTIVE = "active"
        CLOSED = "closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The application that sent it, and that alone may send it again (O-4).
    application = models.CharField(max_length=40)
    submitter_id = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    # Of everything but the TIN, which is compared by its own digest.
    content_digest = models.CharField(max_length=64)
    legal_name = models.CharField(max_length=200)
    legal_name_key = models.CharField(max_length=400, db_index=True)
    kind = models.CharField(max_length=20)
    tin_sealed = models.BinaryField()
    tin_digest = models.BinaryField(max_length=32, db_index=True)
    tin_tag = models.CharField(max_length=3, choices=TinTag)
    address = models.CharField(max_length=200)
    phone = models.CharField(max_length=200)
    city = models.CharField(max_length=200)
    city_key = models.CharField(max_length=400, db_index=True)
    state = models.CharField(max_length=200)
    zip = models.CharField(max_length=9, db_index=True)
    approver_name = models.CharField(max_length=200)
    approver_email = models.CharField(max_length=200)
    backup_name = models.CharField(max_length=200, blank=True)
    backup_email = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=6, choices=Status, default=Status.ACTIVE)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submitter_id"], name="a_submitter_id_belongs_to_one_record"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in OrganizationKind]),
                name="a_record_is_of_a_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["active", "closed"]), name="a_record_has_a_known_status"
            ),
            models.CheckConstraint(condition=Q(tin_tag__in=["ein", "ssn"]), name="a_tin_is_an_ein_or_an_ssn"),
            models.CheckConstraint(condition=Q(version__gte=1), name="record_versions_start_at_one"),
        ]

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED


class FormerPerson(models.Model):
    """Somebody whom a record named as approver or backup until a later version named another, or nobody (G-8)."""

    class Standing(models.TextChoices):
        APPROVER = "approver"
        BACKUP = "backup"

    record = models.ForeignKey(EnrollmentRecord, models.CASCADE, related_name="former_people")
    standing = models.CharField(max_length=8, choices=Standing)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=200)
    replaced_at = models.DateTimeField()
    # The last day of the role, where the record came with one.
    last_day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(standing__in=["approver", "backup"]), name="a_former_person_stood_for_something"
            ),
        ]


class NameWord(models.Model):
    """A word that occurs in legal names. There are few of them, so a search compares with words before names (G-5)."""

    word = models.CharField(max_length=200)
    records = models.ManyToManyField(EnrollmentRecord, related_name="words")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word"], name="a_word_is_kept_once")]


class WordGram(models.Model):
    """A three-letter piece of a word: how misspelled words are found on any database (G-5)."""

    word = models.ForeignKey(NameWord, models.CASCADE, related_name="grams")
    gram = models.CharField(max_length=3)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gram", "word"], name="a_word_has_each_gram_once")]


class Organization(models.Model):
    """A record claimed by its first approved approver; exists, and can be found, from then on (G-2)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.OneToOneField(EnrollmentRecord, models.PROTECT, related_name="organization")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.legal_name

    @property
    def legal_name(self) -> str:
        return self.record.legal_name

    @property
    def submitter_id(self) -> str:
        return self.record.submitter_id

    @property
    def kind(self) -> OrganizationKind:
        return OrganizationKind(self.record.kind)

    @property
    def is_closed(self) -> bool:
        return self.record.is_closed


class Unattended(models.Model):
    """A time without anybody who can decide: the desk was told of it once, when it was noticed (G-7, INV-12)."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="unattended")
    application = models.CharField(max_length=40)
    noticed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "application"],
                condition=Q(ended_at__isnull=True),
                name="a_time_without_approver_is_noticed_once",
            ),
        ]


class LookUpCount(models.Model):
    """How often an account searched, or tried to match a record, in its current hour (G-5)."""

    class Kind(models.TextChoices):
        SEARCH = "search"
        MATCH = "match"

    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    hour_began_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"], name="look_ups_are_counted_once_per_person_and_kind"
            ),
        ]
