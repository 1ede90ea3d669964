"""Role requests, which ask, and grants, the roles that people hold.

Constraints are the last guard: one open request, one live grant, no decision on oneself (Q-5, INV-2, INV-3, INV-6).
"""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from bailiwick.idm.access.certification import Certification
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.rules import invitations
from bailiwick.idm.rules.grants import EndReason
from bailiwick.idm.rules.requests import REASON_LONGEST, State, Way

__all__ = ["Certification", "Export", "Grant", "Invitation", "RoleRequest", "SignedForm"]

OPEN = State.PENDING.value
DECIDED = [State.APPROVED.value, State.DENIED.value]


class RoleRequest(models.Model):
    """One person asks for one role. `record` is set for every role at an organization, claimed or not yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=11, unique=True)
    once = models.UUIDField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="role_requests")
    application = models.CharField(max_length=40)
    role = models.CharField(max_length=60)
    way = models.CharField(max_length=10)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="role_requests")
    record = models.ForeignKey(EnrollmentRecord, models.PROTECT, null=True, related_name="role_requests")
    reason = models.CharField(max_length=REASON_LONGEST)
    snapshot = models.JSONField()
    snapshot_digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=OPEN)
    submitted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reminders_sent = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="decided_requests")
    decision_reason = models.CharField(max_length=REASON_LONGEST, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "once"], name="a_form_sent_twice_makes_one_request"),
            models.UniqueConstraint(
                fields=["account", "application", "role", "record"],
                condition=Q(state=OPEN, record__isnull=False),
                name="one_open_request_per_person_role_and_organization",
            ),
            models.UniqueConstraint(
                fields=["account", "application", "role"],
                condition=Q(state=OPEN, record__isnull=True),
                name="one_open_request_per_person_and_desk_role",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="a_request_is_in_a_known_state"
            ),
            models.CheckConstraint(
                condition=Q(way__in=[way.value for way in Way]),
                name="a_request_names_its_organization_in_a_known_way",
            ),
            models.CheckConstraint(
                condition=Q(way=Way.NONE.value, record__isnull=True)
                | (~Q(way=Way.NONE.value) & Q(record__isnull=False)),
                name="a_request_has_a_record_unless_it_needs_none",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("account")),
                name="nobody_decides_on_themselves",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=DECIDED) & Q(decided_by__isnull=False, decided_at__isnull=False))
                | (~Q(state__in=DECIDED) & Q(decided_by__isnull=True)),
                name="a_decision_has_its_decider",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DENIED.value) | ~Q(decision_reason=""), name="a_denial_has_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "submitted_at"], name="requests_of_a_person"),
            models.Index(
                fields=["application", "submitted_at"], condition=Q(state=OPEN), name="requests_waiting"
            ),
            models.Index(
                fields=["organization", "submitted_at"],
                condition=Q(state=OPEN),
                name="requests_waiting_at_a_place",
            ),
        ]

    def state_at(self, now: datetime) -> State:
        """The state at `now`: a pending request is over from `expires_at` on, recorded or not (I-2)."""
        is_over = self.state == OPEN and now >= self.expires_at
        return State.EXPIRED if is_over else State(self.state)

    @property
    def legal_name(self) -> str:
        return self.record.legal_name if self.record else ""

    @property
    def submitter_id(self) -> str:
        return self.record.submitter_id if self.record else ""


class Grant(models.Model):
    """A role somebody holds, from `started_at` until `ended_at`, or until it ends by itself (`rules.grants.over_from`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    application = models.CharField(max_length=40)
    role = models.CharField(max_length=60)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="grants")
    request = models.OneToOneField(RoleRequest, models.PROTECT, null=True, related_name="grant")
    started_at = models.DateTimeField()
    ends_on = models.DateField(null=True)
    # Held until the end of this day unless somebody certifies it before (C-1, C-3).
    certify_by = models.DateField()
    # When it was given back after it had ended: activity counts from then on (C-5, I-1).
    restored_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=20, blank=True)
    end_comment = models.CharField(max_length=REASON_LONGEST, blank=True)
    last_sign_in_at = models.DateTimeField(null=True)
    # How many steps towards resting are written down since the last activity, and how many its holder heard of (I-3).
    inactivity_noted = models.PositiveSmallIntegerField(default=0, db_default=0)
    inactivity_told = models.PositiveSmallIntegerField(default=0, db_default=0)
    # False from when a round writes down that it ended by itself until they are told.
    holder_knows_end = models.BooleanField(default=True, db_default=True)
    deciders_know_end = models.BooleanField(default=True, db_default=True)
    # What its holder may change: code of the application file's attribute to its value.
    attributes = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "application", "role", "organization"],
                condition=Q(ended_at__isnull=True, organization__isnull=False),
                name="one_live_grant_per_person_role_and_organization",
            ),
            models.UniqueConstraint(
                fields=["account", "application", "role"],
                condition=Q(ended_at__isnull=True, organization__isnull=True),
                name="one_live_grant_per_person_and_desk_role",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, end_reason__in=[reason.value for reason in EndReason]),
                name="an_ended_grant_has_a_known_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "role"],
                condition=Q(ended_at__isnull=True),
                name="live_grants_of_a_place",
            ),
            models.Index(
                fields=["application", "role"],
                condition=Q(ended_at__isnull=True),
                name="live_grants_of_a_role",
            ),
            models.Index(
                fields=["ends_on"],
                condition=Q(ended_at__isnull=True, ends_on__isnull=False),
                name="grants_that_run_out",
            ),
            models.Index(fields=["certify_by"], condition=Q(ended_at__isnull=True), name="grants_to_certify"),
            models.Index(
                fields=["certify_by"],
                condition=Q(end_reason=EndReason.CERTIFICATION_MISSED.value),
                name="grants_lost_uncertified",
            ),
            models.Index(fields=["organization", "started_at"], name="grants_there_by_day"),
            models.Index(
                fields=["account"],
                condition=Q(inactivity_noted__gt=F("inactivity_told"), ended_at__isnull=True),
                name="grants_to_warn_of",
            ),
            models.Index(
                fields=["account"], condition=Q(holder_knows_end=False), name="ends_to_tell_holders"
            ),
            models.Index(
                fields=["organization"], condition=Q(deciders_know_end=False), name="ends_to_tell_deciders"
            ),
        ]

    @property
    def legal_name(self) -> str:
        return self.organization.legal_name if self.organization else ""

    @property
    def submitter_id(self) -> str:
        return self.organization.submitter_id if self.organization else ""


class SignedForm(models.Model):
    """The signed form behind one version of an enrollment record, as the application named it (Q-11)."""

    record = models.ForeignKey(EnrollmentRecord, models.PROTECT, related_name="signed_forms")
    version = models.PositiveIntegerField()
    number = models.CharField(max_length=40)
    signed_by = models.CharField(max_length=200)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record", "version"], name="a_version_has_one_signed_form")
        ]


class Export(models.Model):
    """Somebody took a list along, counted and kept beside the ledger's entry (SR-38).

    Who had access to the organization on that day; or, of one person and that day, why a role is held.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    day = models.DateField()
    made_at = models.DateTimeField()
    people = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["account", "made_at"], name="exports_of_a_person")]


class Invitation(models.Model):
    """An approver asks whoever reads `email` to ask for a role (R-7). Its link is known by the token's digest only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    once = models.UUIDField()
    inviter = models.ForeignKey(Account, models.PROTECT, related_name="invitations_sent")
    application = models.CharField(max_length=40)
    role = models.CharField(max_length=60)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="invitations")
    email = models.CharField(max_length=74)
    email_key = models.CharField(max_length=150, db_index=True)
    token_digest = models.BinaryField(max_length=32)
    state = models.CharField(max_length=10, default=invitations.State.OPEN.value)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    resends = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="invitations_taken")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inviter", "once"], name="a_form_sent_twice_invites_once"),
            models.UniqueConstraint(fields=["token_digest"], name="a_link_belongs_to_one_invitation"),
            models.UniqueConstraint(
                fields=["email_key", "application", "role", "organization"],
                condition=Q(state=invitations.State.OPEN.value),
                name="one_open_invitation_per_mailbox_and_role",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in invitations.State]),
                name="an_invitation_is_in_a_known_state",
            ),
            models.CheckConstraint(
                condition=(Q(state=invitations.State.TAKEN.value) & Q(taken_by__isnull=False))
                | (~Q(state=invitations.State.TAKEN.value) & Q(taken_by__isnull=True)),
                name="a_taken_invitation_has_its_taker",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "sent_at"], name="invitations_of_a_place"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state=invitations.State.OPEN.value),
                name="invitations_that_run_out",
            ),
        ]

    @property
    def legal_name(self) -> str:
        return self.organization.legal_name

    @property
    def submitter_id(self) -> str:
        return self.organization.submitter_id
