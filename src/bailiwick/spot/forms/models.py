"""Cases: forms being filled in, signed and decided (F-7). Every save is a version; what was signed never changes.

Answers are sealed as a whole: a TIN may be a person's SSN. What finds duplicates is keyed, the TIN's stretched as well.
"""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from bailiwick.spot.enrollment.models import EnrollmentRecord
from bailiwick.spot.rules.access import CodeState, Purpose
from bailiwick.spot.rules.filechecks import Matter, Outcome
from bailiwick.spot.rules.forms import (
    DECIDED,
    FINAL,
    HOLDS_ITS_GROUP,
    Authority,
    CaseFacts,
    Event,
    SignatureState,
    State,
    state_at,
)
from bailiwick.spot.rules.signing import LinkState
from bailiwick.spot.signin.models import CAPACITY, Person

TEXT, EMAIL, REASON, LONGEST_KEY, DIGEST_BYTES = 200, 74, 2000, 500, 32
ANSWERS = "spot_forms.version.answers"
ROWS = "spot_forms.rowlist.rows"
# Sorted: the order of a set differs from process to process, and a migration would never be the same.
DECIDED_VALUES = sorted(state.value for state in DECIDED)
UNDER_WAY_VALUES = sorted(state.value for state in State if state not in FINAL)
HOLDS_ITS_GROUP_VALUES = sorted(state.value for state in HOLDS_ITS_GROUP)


def _choices(words: type) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Case(models.Model):
    """One filled-in form. `contact_email` is the mailbox that opens it; the one in the answers may still be unproven.

    `organization`, `search_key`: its name, and the words by which the desk finds it unopened. `holds_group`: no other case may
    bring its group PTAN and NPI; `tin_passed_reason`: why tier 2 lets a TIN be enrolled again (F-6). `expires_at`: its end.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tracking = models.CharField(max_length=16, unique=True)
    once = models.UUIDField(unique=True)
    kind = models.CharField(max_length=40)
    kind_version = models.PositiveIntegerField()
    state = models.CharField(max_length=20, choices=_choices(State), default=State.DRAFT.value)
    revision = models.PositiveIntegerField(default=1)
    contact_name = models.CharField(max_length=TEXT)
    contact_email = models.CharField(max_length=EMAIL)
    contact_proven_at = models.DateTimeField(null=True)
    organization = models.CharField(max_length=TEXT, blank=True)
    search_key = models.CharField(max_length=LONGEST_KEY, blank=True)
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    assigned_to = models.ForeignKey(Person, models.PROTECT, null=True, related_name="assigned_cases")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="decided_cases")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=REASON, blank=True)
    record = models.ForeignKey(EnrollmentRecord, models.PROTECT, null=True, related_name="cases")
    group_ptan_npi_digest = models.BinaryField(max_length=DIGEST_BYTES, null=True)
    holds_group = models.BooleanField(default=False)
    tin_digest = models.BinaryField(max_length=DIGEST_BYTES, null=True)
    tin_passed_reason = models.CharField(max_length=REASON, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="a_case_is_in_a_known_state"
            ),
            models.CheckConstraint(condition=Q(revision__gte=1), name="revisions_count_from_one"),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED_VALUES, decided_at__isnull=False, decided_by__isnull=False)
                | (~Q(state__in=DECIDED_VALUES) & Q(decided_at=None, decided_by=None)),
                name="a_decided_case_has_its_decider",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DENIED.value) | ~Q(decision_reason=""),
                name="a_denied_case_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.APPROVED.value) | Q(record__isnull=False),
                name="an_approved_case_has_a_record",
            ),
            models.CheckConstraint(
                condition=Q(holds_group=False) | Q(state__in=HOLDS_ITS_GROUP_VALUES),
                name="only_a_submitted_case_holds_its_group",
            ),
            models.UniqueConstraint(
                fields=["group_ptan_npi_digest"],
                condition=Q(holds_group=True),
                name="one_case_per_group_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "changed_at"], name="cases_by_state_and_age"),
            models.Index(fields=["state", "submitted_at"], name="cases_by_state_and_submission"),
            models.Index(
                fields=["submitted_at"], condition=Q(state__in=UNDER_WAY_VALUES), name="cases_under_way"
            ),
            models.Index(fields=["decided_at"], condition=~Q(decided_at=None), name="cases_by_decision"),
            models.Index(fields=["tin_digest"], name="cases_by_tin"),
            models.Index(fields=["contact_email"], name="cases_by_contact"),
        ]

    @property
    def facts(self) -> CaseFacts:
        return CaseFacts(State(self.state), self.expires_at)

    def state_at(self, now: datetime) -> State:
        """The state at `now`, also where no job has recorded yet that it expired (I-2)."""
        return state_at(self.facts, now)


class Version(models.Model):
    """What a case said at one revision: written by the save, never changed. `digest`: SHA-256 of its canonical form."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="versions")
    revision = models.PositiveIntegerField()
    answers_sealed = models.BinaryField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "revision"], name="one_version_per_revision"),
        ]


class RowList(models.Model):
    """The lines of a list as one save left them, never changed: answers name it by its digest (F-4)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="lists")
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    rows_sealed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "digest"], name="one_row_list_per_case_and_digest"),
        ]


class Move(models.Model):
    """One step of a case, as the tracking page and the desk's times show it; the ledger has it, too.

    `working_as`: as what whoever took it worked (M-2, `signin.queries.capacity_words`); "" for visitors and programs.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="moves")
    event = models.CharField(max_length=20, choices=_choices(Event))
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    revision = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    working_as = models.CharField(max_length=CAPACITY, blank=True, default="", db_default="")

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="moves_of_a_case")]


class Remark(models.Model):
    """What the desk wants corrected, field by field (B-1). Resolved when the answer changes."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="remarks")
    field = models.CharField(max_length=60)
    text = models.CharField(max_length=REASON)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)


class Invitation(models.Model):
    """The official is asked to sign one revision. The link's token is kept as a digest only."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="invitations")
    revision = models.PositiveIntegerField()
    token_digest = models.BinaryField(max_length=DIGEST_BYTES, unique=True)
    to = models.CharField(max_length=EMAIL)
    name = models.CharField(max_length=TEXT)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    resends = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=_choices(LinkState), default=LinkState.LIVE.value)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=LinkState.LIVE.value), name="one_live_invitation_per_case"
            ),
        ]


class Signature(models.Model):
    """Who signed which form, when, from where, read in which language, and whether they may (F-8). Void, it is evidence."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="signatures")
    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="signature")
    revision = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    form_version = models.CharField(max_length=20)
    agreement_version = models.CharField(max_length=20)
    name = models.CharField(max_length=TEXT)
    title = models.CharField(max_length=TEXT)
    email = models.CharField(max_length=EMAIL)
    typed_name = models.CharField(max_length=TEXT)
    signed_at = models.DateTimeField()
    zone = models.CharField(max_length=60)
    source = models.CharField(max_length=45, blank=True)
    read_in = models.CharField(max_length=5, blank=True, default="", db_default="")
    state = models.CharField(
        max_length=10, choices=_choices(SignatureState), default=SignatureState.LIVE.value
    )
    voided_at = models.DateTimeField(null=True)
    authority = models.CharField(max_length=20, choices=_choices(Authority))
    callback_note = models.CharField(max_length=REASON, blank=True)
    callback_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    callback_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state=SignatureState.LIVE.value),
                name="one_live_signature_per_case",
            ),
            models.CheckConstraint(
                condition=~Q(authority=Authority.CALLED_BACK.value)
                | (~Q(callback_note="") & Q(callback_by__isnull=False, callback_at__isnull=False)),
                name="a_callback_says_who_and_what",
            ),
        ]


class AccessCode(models.Model):
    """A code that was mailed for a case; only its digest is kept (F-8, F-9)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="codes")
    purpose = models.CharField(max_length=10, choices=_choices(Purpose))
    to = models.CharField(max_length=EMAIL)
    digest = models.BinaryField(max_length=DIGEST_BYTES)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=_choices(CodeState), default=CodeState.LIVE.value)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "purpose"],
                condition=Q(state=CodeState.LIVE.value),
                name="a_case_waits_for_one_code_per_purpose",
            ),
        ]
        indexes = [models.Index(fields=["case", "purpose", "sent_at"], name="codes_sent_for_a_case")]


class CaseSession(models.Model):
    """A browser that opened one case; idle, it ends after 30 minutes (F-9)."""

    key_digest = models.BinaryField(max_length=DIGEST_BYTES, unique=True)
    case = models.ForeignKey(Case, models.CASCADE, related_name="sessions")
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)


class FileCheck(models.Model):
    """One question whether facts are on file: reserved before it is asked, so that ten a day are ten (F-5, F-6).

    `facts_digest`: what was asked about; the answer holds for exactly that. `revision`: where it was asked first.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="file_checks")
    matter = models.CharField(max_length=10, choices=_choices(Matter))
    revision = models.PositiveIntegerField()
    facts_digest = models.BinaryField(max_length=DIGEST_BYTES)
    outcome = models.CharField(max_length=12, choices=_choices(Outcome), default=Outcome.ASKED.value)
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "matter", "asked_at"], name="file_checks_of_a_case")]
