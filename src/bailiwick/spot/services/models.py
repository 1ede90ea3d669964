"""Which submitter serves which provider, and where a provider's remittance goes, day by day (E-1 to E-4).

At most one receiver a pair and day is held by the database: an exclusion constraint over dates on PostgreSQL, triggers
that say the same on SQLite (`migrations/0001_initial.py`).
"""

import uuid

from django.db import models
from django.db.models import F, Q

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules.services import Pair, Route
from bailiwick.spot.signin.models import CAPACITY

LINES = [("A", "A"), ("B", "B")]
TEXT = 200


class Provider(models.Model):
    """A pair: a provider in one line of business, as the payer knows them. Its row is the lock of its routes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ptan = models.CharField(max_length=10)
    npi = models.CharField(max_length=10)
    line_of_business = models.CharField(max_length=1, choices=LINES)
    name = models.CharField(max_length=TEXT)
    state = models.CharField(max_length=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ptan", "npi", "line_of_business"],
                name="a_pair_is_one_provider_of_a_line_of_business",
            )
        ]
        indexes = [models.Index(fields=["npi"], name="providers_by_npi")]

    @property
    def pair(self) -> Pair:
        return Pair(self.ptan, self.npi, self.line_of_business)


class Affiliation(models.Model):
    """A submitter serves a provider from a day, to a day: 837 claims, 276 status requests. `own`: it is the provider itself.

    `pc_ace_on`: since when with the PC-ACE software (E-4).
    `provider_name`: the provider's, so that a submitter's providers are read by name without those of all others.
    `tracking`: of the form that brought it, "" where an operator did. `ended_as`: as what whoever ended it worked (M-2).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(EnrollmentRecord, models.PROTECT, related_name="affiliations")
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="affiliations")
    provider_name = models.CharField(max_length=TEXT, default="", db_default="")
    is_own = models.BooleanField(default=False)
    sends_claims = models.BooleanField(default=False)
    asks_status = models.BooleanField(default=False)
    pc_ace_on = models.DateField(null=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    tracking = models.CharField(max_length=16, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)
    ended_as = models.CharField(max_length=CAPACITY, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "provider"],
                condition=Q(ends_on=None),
                name="a_submitter_serves_a_provider_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="an_affiliation_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(fields=["record", "provider_name", "id"], name="providers_of_a_submitter"),
            models.Index(fields=["provider"], condition=Q(is_own=False), name="mandates_of_a_provider"),
        ]


class EraRoute(models.Model):
    """One span in which a provider's remittance went to one receiver; half-open, empty where it was replaced before it began."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="routes")
    receiver = models.ForeignKey(EnrollmentRecord, models.PROTECT, related_name="routes")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    tracking = models.CharField(max_length=16, blank=True)
    routed_at = models.DateTimeField()
    routed_by = models.CharField(max_length=200)
    routed_as = models.CharField(max_length=CAPACITY, blank=True, default="", db_default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=200, blank=True)
    ended_as = models.CharField(max_length=CAPACITY, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="a_route_ends_no_earlier_than_it_began",
            ),
        ]
        indexes = [models.Index(fields=["receiver", "ends_on"], name="routes_of_a_receiver")]

    @property
    def route(self) -> Route:
        return Route(self.receiver.submitter_id, self.starts_on, self.ends_on)
