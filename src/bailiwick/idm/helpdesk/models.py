"""What a desk did to a person, as far as later acts depend on it, what waits for a second one, cases of sharing (H-6).

The record of it is the ledger. Nothing here holds a personal value, but for the reasons that somebody typed.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules import closing, sharing
from bailiwick.idm.rules.desk import Act as Kind
from bailiwick.idm.rules.desk import CheckState, Masked
from bailiwick.idm.rules.requests import REASON_LONGEST
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


class Closing(models.Model):
    """That an account is archived, or opened again: one of tier 3 proposes, a second agrees or sends it back (A-6, H-5)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="closings")
    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default=closing.State.PROPOSED.value)
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reason = models.CharField(max_length=REASON_LONGEST)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_reason = models.CharField(max_length=REASON_LONGEST, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state=closing.State.PROPOSED.value),
                name="one_closing_of_an_account_waits",
            ),
            models.CheckConstraint(
                condition=~Q(state=closing.State.DONE.value)
                | (Q(settled_by__isnull=False) & ~Q(proposed_by=F("settled_by"))),
                name="two_people_archive_and_two_undo_it",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("account"))
                & (Q(settled_by__isnull=True) | ~Q(settled_by=F("account"))),
                name="nobody_archives_themselves",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in closing.Kind])
                & Q(state__in=[state.value for state in closing.State]),
                name="a_closing_is_of_a_known_kind_and_state",
            ),
        ]


class SharingCase(models.Model):
    """An account may be used by more than one person: reported by a desk, or found by the radar (H-6).

    `evidence`: ids of the sessions and accounts that show it, and counts; no value of a person.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="sharing_cases")
    ground = models.CharField(max_length=15)
    state = models.CharField(max_length=15, default=sharing.State.OPEN.value)
    evidence = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    reported_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=REASON_LONGEST, blank=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_reason = models.CharField(max_length=REASON_LONGEST, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "ground"],
                condition=Q(state=sharing.State.OPEN.value),
                name="one_sign_of_sharing_is_one_open_case",
            ),
            models.CheckConstraint(
                condition=Q(state=sharing.State.OPEN.value, settled_by__isnull=True)
                | (
                    ~Q(state=sharing.State.OPEN.value) & Q(settled_by__isnull=False, settled_at__isnull=False)
                ),
                name="a_sharing_case_is_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(settled_by__isnull=True) | ~Q(settled_by=F("account")))
                & (Q(reported_by__isnull=True) | ~Q(reported_by=F("account"))),
                name="nobody_reports_or_settles_their_own_sharing",
            ),
            models.CheckConstraint(
                condition=Q(ground__in=[ground.value for ground in sharing.Ground])
                & Q(state__in=[state.value for state in sharing.State]),
                name="a_sharing_case_has_a_known_ground_and_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at"],
                condition=Q(state=sharing.State.OPEN.value),
                name="sharing_cases_waiting",
            ),
        ]
