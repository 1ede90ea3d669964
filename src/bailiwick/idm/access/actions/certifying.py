"""Certifying held roles, one or many (C-1 to C-4, Q-10): once a period, by somebody entitled then, on what they saw."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.access.actions._closing import checked_reason
from bailiwick.idm.access.actions._locks import lock_accounts, lock_grants_of
from bailiwick.idm.access.actions._refusals import AUTHORITY, note_refusal, refusals_recorded
from bailiwick.idm.access.actions._results import Result
from bailiwick.idm.access.actions._settling import note_certified, settle_certified
from bailiwick.idm.access.certification import Certification
from bailiwick.idm.access.certification_notices import tell_certified, tell_handed_over
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import certification_every, zone
from bailiwick.idm.access.queries.certifying import (
    CertificationLine,
    certification_lines,
    last_certified,
    others_to_certify,
)
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.rules.certification import Refusal, is_open, may_certify, next_due
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import GrantState, SignInStrength


@dataclass(frozen=True)
class Review:
    """What somebody certifies. `digest` is that of the line as they were shown it (`queries.certification_lines`)."""

    grant: Grant
    digest: str
    comment: str = ""


def certify(*, review: Review, certifier: Account, strength: SignInStrength, by: By, now: datetime) -> Grant:
    """Certify one. Raises Refused with a code of `rules.certification`: ALREADY_CERTIFIED(who, when) to the second of two."""
    result = certify_many(reviews=[review], certifier=certifier, strength=strength, by=by, now=now)[0]
    if result.refused is not None:
        raise result.refused
    return result.about


def certify_many(
    *, reviews: Sequence[Review], certifier: Account, strength: SignInStrength, by: By, now: datetime
) -> list[Result]:
    """Each succeeds or fails by itself (Q-10); the results are in the order of the reviews. Again changes nothing."""
    keys = [review.grant.pk for review in reviews]
    refused: dict[UUID, Refused] = {}
    with transaction.atomic():
        lines = lock_lines([review.grant for review in reviews], certifier, strength=strength, now=now)
        standing = []
        for review in reviews:
            try:
                if _is_to_do(lines[review.grant.pk], review, certifier, now=now):
                    standing.append(review)
            except Refused as refusal:
                refused[review.grant.pk] = refusal
        _certify(standing, lines, certifier, by=by, now=now)
    for review in reviews:
        refusal = refused.get(review.grant.pk)
        if refusal is not None and refusal.code in AUTHORITY:
            note_refusal(about=review.grant, because=refusal.code, by=by, now=now)
    return [Result(lines[key].grant, refused.get(key)) for key in keys]


def lock_lines(
    grants: Iterable[Grant], certifier: Account, *, strength: SignInStrength, now: datetime
) -> dict[UUID, CertificationLine]:
    """What a decision on these roles rests on, read under the locks of the transaction that decides (SR-16)."""
    grants = list(grants)
    people = [certifier.pk, *(grant.account_id for grant in grants)]
    lock_accounts(*people)
    lock_grants_of(people)
    return certification_lines([grant.pk for grant in grants], certifier, strength=strength, now=now)


def refuse_strangers(line: CertificationLine) -> None:
    """Raises Refused unless this person certifies such a role (C-2)."""
    ruling = may_certify(line.facts)
    if isinstance(ruling, No):
        ruling.raise_it()


def _is_to_do(line: CertificationLine, review: Review, certifier: Account, *, now: datetime) -> bool:
    """False where this person certified it before."""
    _refuse_what_is_over(line)
    if not is_open(line.due_on, today=day_of(now, zone()), opens=settings.LIMITS.certification_opens):
        _refuse_unless_done_by(certifier, line.grant)
        return False
    if line.digest != review.digest:
        raise Refused(Refusal.CHANGED_SINCE_SEEN)
    checked_reason(review.comment, needed=None)
    return True


def _refuse_what_is_over(line: CertificationLine) -> None:
    refuse_strangers(line)
    if line.line.state is GrantState.ENDED:
        raise Refused(Refusal.ROLE_OVER)


def _refuse_unless_done_by(certifier: Account, grant: Grant) -> None:
    """The second of two hears who was first (INV-11)."""
    last = last_certified(grant)
    if last is None:
        raise Refused(Refusal.NOT_OPEN_YET)
    if last.decided_by_id != certifier.pk:
        raise Refused(Refusal.ALREADY_CERTIFIED, who=full_name(last.decided_by), when=last.decided_at)


def _certify(
    reviews: list[Review], lines: dict[UUID, CertificationLine], certifier: Account, *, by: By, now: datetime
) -> None:
    for comment in dict.fromkeys(review.comment.strip() for review in reviews):
        alike = [lines[one.grant.pk].grant for one in reviews if one.comment.strip() == comment]
        settle_certified(alike, decided_by=certifier, comment=comment, now=now)
    for review in reviews:
        line = lines[review.grant.pk]
        certified_before = line.due_on
        move_due_date(line, now=now)
        about = {"due_on": certified_before.isoformat(), "certify_by": line.due_on.isoformat()}
        note_certified(Deed.GRANT_CERTIFIED, line.grant, by=by, now=now, why=review.comment.strip(), **about)
        tell_certified(line.grant, now=now)


def move_due_date(line: CertificationLine, *, now: datetime, **values: object) -> None:
    """A year from today (C-1). `values`: what else changes of the role."""
    grant = line.grant
    grant.certify_by = next_due(day_of(now, zone()), certification_every(line.line.application))
    Grant.objects.filter(pk=grant.pk).update(certify_by=grant.certify_by, **values)


def hand_certification(
    *,
    grant: Grant,
    to: Account,
    certifier: Account,
    why: str,
    strength: SignInStrength,
    by: By,
    now: datetime,
) -> Certification:
    """Leave a line to the other approver, who is told (C-4). Both may still decide it: nothing is stranded by it.

    The same again tells nobody twice. Raises Refused with a code of `rules.certification`.
    """
    with refusals_recorded(grant, by=by, now=now):
        line = lock_lines([grant], certifier, strength=strength, now=now)[grant.pk]
        _refuse_what_is_over(line)
        if not is_open(line.due_on, today=day_of(now, zone()), opens=settings.LIMITS.certification_opens):
            raise Refused(Refusal.NOT_OPEN_YET)
        if to not in others_to_certify(line.grant, certifier, now=now):
            raise Refused(Refusal.NOBODY_TO_HAND_TO)
        row, _ = Certification.objects.get_or_create(
            grant=line.grant, due_on=line.due_on, defaults={"holder": line.grant.account}
        )
        handed = (certifier, to, checked_reason(why, needed=None))
        if (row.handed_by, row.handed_to, row.handed_why) == handed:
            return row
        row.handed_by, row.handed_to, row.handed_why = handed
        row.save(update_fields=["handed_by", "handed_to", "handed_why"])
        about = {"due_on": line.due_on.isoformat(), "to": str(to.pk)}
        note_certified(Deed.CERTIFICATION_HANDED, line.grant, by=by, now=now, why=row.handed_why, **about)
        tell_handed_over(row, now=now)
        return row
