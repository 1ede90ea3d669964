"""The bureau's only writer: answers questions, each request id once, and takes the agent's word. (V-6)"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from bailiwick.bureau import queries
from bailiwick.bureau.decisions import MARKABLE, Answer, Part, answer_after_call, first_answer
from bailiwick.bureau.decisions import Review as ReviewState
from bailiwick.bureau.models import Review, Verification
from bailiwick.bureau.people import UNKNOWN, Role
from bailiwick.bureau.questions import Question
from bailiwick.ground import vault

REVIEW_LIFE = timedelta(days=30)
# Without letters and digits that sound or look alike: it is read out on the phone. 12 of 28: 57 random bits.
SIGNS = "ACDEFGHJKLMNPQRTUVWXYZ346789"
GROUPS, GROUP = 3, 4


class OtherQuestion(Exception):
    """The request id belongs to another question."""


class Away(Exception):
    """The bureau is down for this person."""


@dataclass(frozen=True)
class Told:
    """`answer` as it was stored, and the role in which the person asked."""

    answer: dict[str, Any]
    role: Role


def answer(*, question: Question, body: bytes, now: datetime) -> Told:
    """The one answer to this request id. Raises OtherQuestion, and Away (nothing answered, sendings counted)."""
    digest = vault.digest(body.decode(), purpose="bureau.body")
    role = settings.PEOPLE.get(question.likeness, UNKNOWN)
    sendings = _count_sending(question, digest, now)
    if role.part is Part.DOWN or (role.part is Part.FLAPPING and sendings <= role.failures):
        raise Away
    with transaction.atomic():
        verification = Verification.objects.select_for_update().get(request_id=question.request_id)
        if verification.answer is None:
            verification.answer, verification.answered_at = _answer(question, role.part, now), now
            verification.save()
        return Told(verification.answer, role)


def mark(*, reference: str, is_cleared: bool, now: datetime) -> bool:
    """The agent's word about a review; may be changed until it was used. False where there is nothing to mark."""
    state = ReviewState.CLEARED if is_cleared else ReviewState.NOT_CLEARED
    live = Review.objects.filter(reference=reference, state__in=MARKABLE, expires_at__gt=now)
    return live.update(state=state, decided_at=now) == 1


def _count_sending(question: Question, digest: bytes, now: datetime) -> int:
    try:
        with transaction.atomic():
            Verification.objects.create(request_id=question.request_id, body_digest=digest, asked_at=now)
    except IntegrityError:
        pass  # sent before, perhaps at this very moment
    with transaction.atomic():
        verification = Verification.objects.select_for_update().get(request_id=question.request_id)
        if bytes(verification.body_digest) != digest:
            raise OtherQuestion
        verification.sendings += 1
        verification.save(update_fields=["sendings"])
        return verification.sendings


def _answer(question: Question, part: Part, now: datetime) -> dict[str, Any]:
    person = vault.digest(question.identity, purpose="bureau.person")
    if question.reference:
        review = queries.review_of(person, reference=question.reference, now=now)
        outcome = answer_after_call(part, ReviewState(review.state) if review else None)
        if review and outcome is not Answer.CALL:
            Review.objects.filter(pk=review.pk).update(state=ReviewState.USED)
    else:
        outcome = first_answer(part)
        review = (
            (queries.waiting_review_of(person, now=now) or _open_review(person, now))
            if outcome is Answer.CALL
            else None
        )
    told: dict[str, Any] = {"request_id": str(question.request_id), "outcome": outcome.value}
    if outcome is Answer.CALL and review:
        told["reference"] = review.reference
        told["reference_expires_at"] = review.expires_at.isoformat()
        told["call_number"] = settings.CALL_NUMBER
    return told


def _open_review(person: bytes, now: datetime) -> Review:
    groups = ("".join(secrets.choice(SIGNS) for _ in range(GROUP)) for _ in range(GROUPS))
    return Review.objects.create(
        reference="-".join(groups),
        person_digest=person,
        state=ReviewState.WAITING,
        issued_at=now,
        expires_at=now + REVIEW_LIFE,
    )
