"""Proofing cases, the attempts at them, and cases by hand. No answer and no personal fact is kept. (V-7)

What stays is outcome, method, time and reference. Evidence is an upload, sealed, and goes on its day.
"""

import uuid

from django.db import models
from django.db.models import Q

from bailiwick.ground.uploads.models import Upload
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.manual import AT_THE_DESK, Document
from bailiwick.idm.rules.manual import OPEN as OPEN_BY_HAND
from bailiwick.idm.rules.manual import State as ManualState
from bailiwick.idm.rules.proofing import OPEN, State


class Method(models.TextChoices):
    """How a case was verified."""

    ONLINE = "online"
    REFERENCE = "reference"
    MANUAL = "manual"


class AttemptOutcome(models.TextChoices):
    """What became of an attempt; empty while the vendor has not answered.

    `unavailable` may still be answered: the attempt is taken up again under the same request id (V-6).
    `abandoned`: the facts changed before an answer came. `stale`: the answer came after they changed.
    """

    VERIFIED = "verified"
    CALL = "call"
    NOT_VERIFIED = "not_verified"
    UNAVAILABLE = "unavailable"
    ABANDONED = "abandoned"
    STALE = "stale"
    VOID = "void"


class CaseSet(models.QuerySet["Case"]):
    def unfinished(self) -> "CaseSet":
        return self.filter(state__in=OPEN)

    def verified(self) -> "CaseSet":
        return self.filter(state=State.VERIFIED)


class Case(models.Model):
    """One person's way through proofing, from consent to an end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="proofing_cases")
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in State])
    terms_version = models.CharField(max_length=20)
    consented_at = models.DateTimeField()
    reference = models.CharField(max_length=32, blank=True)
    reference_expires_at = models.DateTimeField(null=True)
    call_number = models.CharField(max_length=20, blank=True)
    # Keyed digest of the facts that the last answer was about; of a verified case, the proofed facts (V-1).
    facts_digest = models.BinaryField(max_length=32, null=True)
    method = models.CharField(max_length=20, choices=Method.choices, blank=True)
    verified_at = models.DateTimeField(null=True)

    objects = CaseSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state__in=sorted(OPEN)),
                name="an_account_has_one_unfinished_proofing_case",
            ),
            models.CheckConstraint(
                condition=Q(state=State.VERIFIED, verified_at__isnull=False, facts_digest__isnull=False)
                & ~Q(method="")
                | ~Q(state=State.VERIFIED) & Q(verified_at__isnull=True, method=""),
                name="a_verified_case_says_when_how_and_what",
            ),
            models.CheckConstraint(
                condition=Q(reference="", reference_expires_at__isnull=True)
                | ~Q(reference="") & Q(reference_expires_at__isnull=False),
                name="a_review_reference_has_an_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reference"], condition=~Q(reference=""), name="cases_with_a_review_reference"
            )
        ]


class Attempt(models.Model):
    """One question to the vendor, told to it under one request id however often it has to be sent. (V-6)"""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attempts")
    vendor_request_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    method = models.CharField(max_length=20, choices=Method.choices)
    reference = models.CharField(max_length=32, blank=True)
    # Of everything sent; an unanswered attempt is taken up again only for the very same facts.
    request_digest = models.BinaryField(max_length=32)
    facts_digest = models.BinaryField(max_length=32)
    begun_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=AttemptOutcome.choices, blank=True)
    counted = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(answered_at__isnull=True),
                name="a_proofing_case_has_one_unanswered_attempt",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, outcome__in=["", "unavailable"])
                | Q(answered_at__isnull=False) & ~Q(outcome__in=["", "unavailable"]),
                name="an_answered_attempt_has_a_final_outcome",
            ),
            models.CheckConstraint(
                condition=Q(method=Method.ONLINE, reference="")
                | Q(method=Method.REFERENCE) & ~Q(reference=""),
                name="an_attempt_by_reference_names_it",
            ),
        ]


class Manual(models.Model):
    """One person's way through proofing by hand, from the first document to the decision. (V-5)

    `number` is what the person and the desk call it. `facts_digest`: of the facts that were handed in; the decision is
    about these and no others.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=16, unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="manual_proofings")
    ground = models.CharField(max_length=40)
    state = models.CharField(max_length=20, choices=[(state.value, state.value) for state in ManualState])
    facts_digest = models.BinaryField(max_length=32)
    opened_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    # What the desk asks for, in words to the person.
    missing = models.CharField(max_length=1000, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(state__in=sorted(OPEN_BY_HAND)),
                name="an_account_has_one_open_case_by_hand",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(OPEN_BY_HAND), decided_at__isnull=True)
                | ~Q(state__in=sorted(OPEN_BY_HAND)) & Q(decided_at__isnull=False),
                name="an_ended_case_by_hand_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["handed_in_at"],
                condition=Q(state__in=sorted(AT_THE_DESK)),
                name="cases_by_hand_at_the_desk",
            )
        ]


class Evidence(models.Model):
    """A document that the person handed in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="evidence")
    upload = models.OneToOneField(Upload, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Document])
    once = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manual", "once"], name="a_document_sent_twice_is_one"),
        ]


class Judgement(models.Model):
    """What one decider did: proposed, confirmed, sent back, asked for more. Never changed. (V-5, H-5)"""

    class Kind(models.TextChoices):
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"
        SENT_BACK = "sent_back"
        MORE_ASKED = "more_asked"

    id = models.BigAutoField(primary_key=True)
    manual = models.ForeignKey(Manual, on_delete=models.PROTECT, related_name="judgements")
    decider = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    verdict = models.CharField(max_length=10, blank=True)
    checked = models.JSONField(default=list)
    why = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()
