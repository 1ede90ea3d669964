"""What a desk did to a person, as far as later acts depend on it: forms sent twice, looks, reveals, caller checks.

The record of it is the ledger; nothing here is shown to anybody, and nothing here holds a personal value.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.desk import Act as Kind
from bailiwick.idm.rules.desk import CheckState, Masked
from bailiwick.idm.sessions.models import Session


class Act(models.Model):
    """One act of one desk member on one person. `until`: a look or a reveal lasts that long; hiding ends it before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField()
    desk = models.ForeignKey(Account, models.PROTECT, related_name="desk_acts")
    person = models.ForeignKey(Account, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    value = models.CharField(max_length=10, blank=True)
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "once", "person", "kind"], name="a_desk_form_sent_twice_is_one_act"
            ),
            models.CheckConstraint(condition=~Q(desk=F("person")), name="no_desk_acts_on_itself"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in Kind]), name="a_desk_act_is_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.REVEAL.value, value__in=[value.value for value in Masked])
                | (~Q(kind=Kind.REVEAL.value) & Q(value="")),
                name="a_reveal_names_its_value",
            ),
        ]
        indexes = [
            models.Index(fields=["desk", "kind", "at"], name="desk_acts_of_a_member"),
            models.Index(fields=["person", "kind", "at"], name="desk_acts_on_a_person"),
        ]


class CallerCheck(models.Model):
    """A code was mailed to a person, for the caller to read back to one desk member (H-4)."""

    class State(models.TextChoices):
        LIVE = CheckState.LIVE.value
        PASSED = CheckState.PASSED.value
        VOID = CheckState.VOID.value

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    desk = models.ForeignKey(Account, models.PROTECT, related_name="+")
    person = models.ForeignKey(Account, models.PROTECT, related_name="caller_checks")
    digest = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, choices=State, default=State.LIVE)
    wrong = models.PositiveSmallIntegerField(default=0)
    wrong_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "person"],
                condition=Q(state=CheckState.LIVE.value),
                name="a_caller_reads_back_one_code",
            ),
            models.CheckConstraint(condition=~Q(desk=F("person")), name="nobody_checks_themselves"),
            models.CheckConstraint(
                condition=Q(state=CheckState.PASSED.value, passed_at__isnull=False)
                | (~Q(state=CheckState.PASSED.value) & Q(passed_at__isnull=True)),
                name="a_passed_check_knows_when",
            ),
        ]
        indexes = [models.Index(fields=["person", "sent_at"], name="caller_checks_of_a_person")]
