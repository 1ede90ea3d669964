"""Enrollment records: each organization as its approved form describes it (G-1), every version of it kept.

A TIN may be a person's SSN: it is sealed, in the record and in every version. What finds the same TIN again (F-6) is its
stretched, keyed digest, as IDM keeps for SSNs.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from bailiwick.ground import vault
from bailiwick.spot.rules.comparing import Matter
from bailiwick.spot.rules.enrollment import Delivery, Status, delivery
from bailiwick.wire.provisioning import EnrollmentRecord as WireRecord
from bailiwick.wire.provisioning import PersonOfRecord, SignedForm

KINDS = [("provider_office", "provider_office"), ("billing_service", "billing_service")]
TIN_TAGS = [("ein", "ein"), ("ssn", "ssn")]
STATUSES = [(status.value, status.value) for status in Status]
TEXT = 200
LONGEST_KEY = 1200


class Facts(models.Model):
    """What a record says, in one version."""

    version = models.PositiveIntegerField()
    legal_name = models.CharField(max_length=TEXT)
    kind = models.CharField(max_length=20, choices=KINDS)
    tin_sealed = models.BinaryField()
    tin_tag = models.CharField(max_length=3, choices=TIN_TAGS)
    address = models.CharField(max_length=TEXT)
    phone = models.CharField(max_length=TEXT)
    city = models.CharField(max_length=TEXT)
    state = models.CharField(max_length=TEXT)
    zip = models.CharField(max_length=9)
    approver_name = models.CharField(max_length=TEXT)
    approver_email = models.CharField(max_length=TEXT)
    approver_phone = models.CharField(max_length=TEXT, blank=True)
    backup_name = models.CharField(max_length=TEXT, blank=True)
    backup_email = models.CharField(max_length=TEXT, blank=True)
    backup_phone = models.CharField(max_length=TEXT, blank=True)
    status = models.CharField(max_length=10, choices=STATUSES)
    # The signed form that this version comes from; empty where the operator enrolled or changed it.
    form_number = models.CharField(max_length=40, blank=True)
    form_signed_by = models.CharField(max_length=TEXT, blank=True)
    form_signed_at = models.DateTimeField(null=True)
    # The last day, "YYYY-MM-DD", of the roles of whom this version no longer names; "" until a successor's starts (G-8).
    handover_on = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True

    def told(self, *, submitter_id: str, tin: str) -> WireRecord:
        """As the provisioning API takes it (O-4)."""
        return WireRecord(
            submitter_id=submitter_id,
            version=self.version,
            legal_name=self.legal_name,
            kind=self.kind,
            tin=tin,
            tin_tag=self.tin_tag,
            address=self.address,
            phone=self.phone,
            city=self.city,
            state=self.state,
            zip=self.zip,
            status=self.status,
            approver=PersonOfRecord(self.approver_name, self.approver_email, self.approver_phone),
            backup=PersonOfRecord(self.backup_name, self.backup_email, self.backup_phone)
            if self.backup_name
            else None,
            form=SignedForm(self.form_number, self.form_signed_by, self.form_signed_at.isoformat())
            if self.form_signed_at
            else None,
            handover_on=self.handover_on,
        )


class EnrollmentRecord(Facts):
    """The newest version. `confirmed_version` is the newest that IDM has taken; `refused_version` one it refused for good."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submitter_id = models.CharField(max_length=20, unique=True)
    tin_digest = models.BinaryField(max_length=32, null=True)
    confirmed_version = models.PositiveIntegerField(default=0)
    refused_version = models.PositiveIntegerField(default=0)
    refusal = models.CharField(max_length=80, blank=True)
    # The words by which the desk finds it: of its name, its place and its people (`rules.searching`).
    search_key = models.CharField(max_length=LONGEST_KEY, blank=True)
    enrolled_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="record_versions_count_from_one"),
            models.CheckConstraint(
                condition=Q(confirmed_version__lte=F("version")),
                name="no_version_is_confirmed_before_it_exists",
            ),
        ]
        indexes = [models.Index(fields=["tin_digest"], name="records_by_tin")]

    @property
    def delivery(self) -> Delivery:
        return delivery(
            version=self.version,
            confirmed_version=self.confirmed_version,
            refused_version=self.refused_version,
        )

    @property
    def tin(self) -> str:
        return vault.unseal(self.tin_sealed, place=TIN, row=str(self.pk))

    @property
    def masked_tin(self) -> str:
        """The last four digits, as pages show them (A-3, M-1)."""
        return f"•••-••-{self.tin[-4:]}" if self.tin_tag == "ssn" else f"••-•••{self.tin[-4:]}"

    def to_wire(self) -> WireRecord:
        return self.told(submitter_id=self.submitter_id, tin=self.tin)


TIN = "spot_enrollment.enrollmentrecord.tin"
VERSION_TIN = "spot_enrollment.recordversion.tin"
TIN_PURPOSE = "tin"


class RecordVersion(Facts):
    """One version as it was: written with the change, never changed."""

    record = models.ForeignKey(EnrollmentRecord, on_delete=models.PROTECT, related_name="versions")
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=200)
    # When IDM said that it has this version, or a later one: a step on the way to access (B-3).
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "version"], name="one_row_per_record_and_version"),
        ]

    @property
    def tin(self) -> str:
        return vault.unseal(self.tin_sealed, place=VERSION_TIN, row=f"{self.record_id}:{self.version}")

    def to_wire(self) -> WireRecord:
        return self.told(submitter_id=self.record.submitter_id, tin=self.tin)


class Comparison(models.Model):
    """One night's comparison of all records with what IDM holds; `is_whole` False where IDM could not tell it all (O-4)."""

    at = models.DateTimeField(db_index=True)
    ours = models.PositiveIntegerField()
    theirs = models.PositiveIntegerField(default=0)
    is_whole = models.BooleanField(default=False)


class Difference(models.Model):
    """One record that the two programs hold differently; `their_version` 0 where IDM has none, `our_version` 0 where SPOT has."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="differences")
    submitter_id = models.CharField(max_length=20)
    matter = models.CharField(max_length=12, choices=[(matter.value, matter.value) for matter in Matter])
    our_version = models.PositiveIntegerField()
    their_version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "submitter_id"], name="a_record_differs_once_a_night"
            ),
        ]
