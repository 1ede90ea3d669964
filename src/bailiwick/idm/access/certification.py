"""Certifications: one a grant and due date (INV-11). Opened by a round, or by whoever certifies before it ran (I-2)."""

from django.db import models
from django.db.models import F, Q

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.certification import Outcome
from bailiwick.idm.rules.requests import REASON_LONGEST

OPEN = Outcome.OPEN.value
DECIDED = [Outcome.CERTIFIED.value, Outcome.REMOVED.value]


class Certification(models.Model):
    """The review of one role for one period. `holder`: whose role it was when it was opened, or decided.

    `notices`, `warnings`: how often its certifiers, and its holder, were told of the day (C-3). `notices_round`,
    `warnings_round`: the day of the round that still has to tell them; None where that is done.
    """

    # No index of their own: rows are found by grant and day, and a season opens a million of them.
    grant = models.ForeignKey("Grant", models.PROTECT, related_name="certifications", db_index=False)
    holder = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    due_on = models.DateField()
    outcome = models.CharField(max_length=10, default=OPEN)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    comment = models.CharField(max_length=REASON_LONGEST, blank=True)
    is_late = models.BooleanField(default=False)
    handed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    handed_to = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    handed_why = models.CharField(max_length=REASON_LONGEST, blank=True)
    notices = models.PositiveSmallIntegerField(default=0)
    notices_round = models.DateField(null=True)
    warnings = models.PositiveSmallIntegerField(default=0)
    warnings_round = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "due_on"], name="a_role_is_certified_once_a_period"),
            models.CheckConstraint(
                condition=Q(outcome__in=[outcome.value for outcome in Outcome]),
                name="a_certification_has_a_known_outcome",
            ),
            models.CheckConstraint(
                condition=(Q(outcome__in=DECIDED) & Q(decided_by__isnull=False, decided_at__isnull=False))
                | (~Q(outcome__in=DECIDED) & Q(decided_by__isnull=True)),
                name="a_certification_has_its_certifier",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("holder")),
                name="nobody_certifies_themselves",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(outcome=OPEN), name="certifications_open"),
            models.Index(
                fields=["notices_round"],
                condition=Q(notices_round__isnull=False),
                name="certifications_to_tell_of",
            ),
            models.Index(
                fields=["warnings_round"],
                condition=Q(warnings_round__isnull=False),
                name="certifications_to_warn_of",
            ),
        ]
