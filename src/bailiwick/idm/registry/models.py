"""Cases of two accounts that may be one person's, merges, and correction requests (A-5, A-7).

Nothing here holds a personal value but what a holder asks to have corrected, which is sealed.
"""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from bailiwick.ground.uploads.models import Upload
from bailiwick.idm.access.models import Certification, Grant, RoleRequest
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules import corrections
from bailiwick.idm.rules.duplicates import WAITING, CaseState, MergeState
from bailiwick.idm.rules.matching import Resemblance
from bailiwick.idm.rules.requests import REASON_LONGEST


class DuplicateCase(models.Model):
    """Two accounts look like one person's; tier 3 says whether they are. `first` was opened before `second`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey(Account, models.PROTECT, related_name="+")
    second = models.ForeignKey(Account, models.PROTECT, related_name="+")
    resemblance = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=CaseState.OPEN.value)
    opened_at = models.DateTimeField(db_index=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=REASON_LONGEST, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second", "resemblance"], name="the_same_suspicion_is_one_case"
            ),
            models.CheckConstraint(condition=~Q(first=F("second")), name="a_case_is_about_two_accounts"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in CaseState]),
                name="a_duplicate_case_is_in_a_known_state",
            ),
            models.CheckConstraint(
                condition=Q(resemblance__in=[reason.value for reason in Resemblance]),
                name="a_duplicate_case_has_a_known_ground",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (~Q(decided_by=F("first")) & ~Q(decided_by=F("second"))),
                name="nobody_decides_a_case_about_themselves",
            ),
        ]
        indexes = [
            models.Index(
                fields=["opened_at"],
                condition=Q(state__in=sorted(state.value for state in WAITING)),
                name="duplicate_cases_waiting",
            ),
            models.Index(fields=["second"], name="duplicate_cases_of_second"),
        ]


class Merge(models.Model):
    """That `other` ends in `survivor`: proposed by one of tier 3, done when a second agrees (H-5).

    `applications`: the codes of those that knew `other`; they are told, of the undoing too.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(DuplicateCase, models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(Account, models.PROTECT, related_name="+")
    other = models.ForeignKey(Account, models.PROTECT, related_name="merges")
    state = models.CharField(max_length=10, default=MergeState.PROPOSED.value)
    proposed_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    reason = models.CharField(max_length=REASON_LONGEST)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    settled_reason = models.CharField(max_length=REASON_LONGEST, blank=True)
    undone_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=REASON_LONGEST, blank=True)
    applications = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=[MergeState.PROPOSED.value, MergeState.DONE.value]),
                name="a_case_has_one_merge_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(survivor=F("other")), name="nobody_is_merged_into_themselves"
            ),
            models.CheckConstraint(
                condition=~Q(state=MergeState.DONE.value) | ~Q(proposed_by=F("settled_by")),
                name="two_people_merge",
            ),
            models.CheckConstraint(
                condition=~Q(proposed_by=F("survivor"))
                & ~Q(proposed_by=F("other"))
                & (Q(settled_by__isnull=True) | (~Q(settled_by=F("survivor")) & ~Q(settled_by=F("other")))),
                name="nobody_merges_themselves",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in MergeState]),
                name="a_merge_is_in_a_known_state",
            ),
        ]
        indexes = [models.Index(fields=["survivor"], name="merges_of_survivor")]


class MovedRow(models.Model):
    """One grant or request that changed hands with a merge, in the order of it; undoing reads it backward."""

    merge = models.ForeignKey(Merge, models.PROTECT, related_name="moved")
    grant = models.ForeignKey(Grant, models.PROTECT, null=True, related_name="+")
    request = models.ForeignKey(RoleRequest, models.PROTECT, null=True, related_name="+")
    beside = models.ForeignKey(Grant, models.PROTECT, null=True, related_name="+")
    signed_in_before = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(grant__isnull=False, request__isnull=True)
                | Q(grant__isnull=True, request__isnull=False, beside__isnull=True),
                name="one_thing_changes_hands_at_a_time",
            ),
        ]


class JoinedDecision(models.Model):
    """One account decided about the other, and both are one person's now: the application's desk looks at it (A-5, Q-5).

    It approved the `request` for a role, or certified the role.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merge = models.ForeignKey(Merge, models.PROTECT, related_name="joined_decisions")
    request = models.ForeignKey(RoleRequest, models.PROTECT, null=True, related_name="+")
    certification = models.ForeignKey(Certification, models.PROTECT, null=True, related_name="+")
    checked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=REASON_LONGEST, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["merge", "request"], name="a_joined_decision_is_looked_at_once"),
            models.UniqueConstraint(
                fields=["merge", "certification"], name="a_joined_certification_is_looked_at_once"
            ),
            models.CheckConstraint(
                condition=Q(request__isnull=False, certification__isnull=True)
                | Q(request__isnull=True, certification__isnull=False),
                name="a_joined_decision_is_about_one_thing",
            ),
        ]

    @property
    def grant(self) -> Grant:
        """The role that was decided on."""
        return self.certification.grant if self.certification else self.request.grant

    @property
    def holder(self) -> Account:
        """Whose role it was then."""
        return self.certification.holder if self.certification else self.request.account

    @property
    def decided_at(self) -> datetime | None:
        return self.certification.decided_at if self.certification else self.request.decided_at


class Correction(models.Model):
    """A holder asks to have their legal name, birth date or SSN corrected (A-7).

    `proposed_sealed`: JSON of the new values. `is_first_accepting`: the first of two accepted the document as proof.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default=corrections.State.PENDING.value)
    proposed_sealed = models.BinaryField()
    reason = models.CharField(max_length=REASON_LONGEST)
    document = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_index=True)
    first_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(null=True)
    is_first_accepting = models.BooleanField(default=False)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=REASON_LONGEST, blank=True)
    is_document_accepted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "once"], name="a_correction_sent_twice_is_one_request"
            ),
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=Q(state__in=sorted(state.value for state in corrections.WAITING)),
                name="one_waiting_correction_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("account")),
                name="nobody_corrects_themselves_at_a_desk",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state=corrections.State.APPROVED.value,
                    kind__in=sorted(kind.value for kind in corrections.BY_TWO),
                )
                | (Q(first_by__isnull=False) & ~Q(first_by=F("decided_by")) & ~Q(first_by=F("account"))),
                name="two_people_correct_ssn_and_birth_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in corrections.State])
                & Q(kind__in=[kind.value for kind in corrections.Kind]),
                name="a_correction_is_of_a_known_kind_and_state",
            ),
        ]


class Looked(models.Model):
    """When an account was last compared with all others by the round that misses nobody (A-5)."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()
