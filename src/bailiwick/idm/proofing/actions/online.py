"""Proofing online: consent, begin an attempt, store its outcome. The vendor is never asked in here. (V-2, V-3)

Beginning and storing are two transactions, each outermost (`durable`): between them the vendor is asked without a
lock held, and a crash there leaves an unanswered attempt that the next one takes up under the same request id.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing import queries
from bailiwick.idm.proofing.actions._holding import holds_its_ssn, locked
from bailiwick.idm.proofing.actions.manual import close_manual
from bailiwick.idm.proofing.models import Attempt, AttemptOutcome, Case, Method
from bailiwick.idm.proofing.notices import tell
from bailiwick.idm.rules import proofing as rules
from bailiwick.idm.rules.accounts import AccountState, PersonalFacts
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.proofing import (
    Call,
    Event,
    NotVerified,
    Outcome,
    Refusal,
    State,
    Unavailable,
    Verified,
)

EVENT_OF = {
    AttemptOutcome.VERIFIED: Event.VERIFIED,
    AttemptOutcome.CALL: Event.CALL,
    AttemptOutcome.NOT_VERIFIED: Event.NOT_VERIFIED,
    AttemptOutcome.STALE: Event.FACTS_CHANGED,
    AttemptOutcome.VOID: Event.SSN_TAKEN,
}


@transaction.atomic
def consent(*, account: Account, by: By, now: datetime) -> Case:
    """Accept the terms of proofing, in their current version; opens the case (V-2). Twice is once.

    Refused: ALREADY_VERIFIED, HELP_DESK_ONLY.
    """
    account = locked(account)
    case = queries.open_case(account)
    facts = queries.rule_facts(account, personal_facts(account), case=case, now=now, limits=settings.LIMITS)
    if not (answer := rules.may_consent(facts)):
        answer.raise_it()
    if case is not None and case.terms_version == rules.TERMS_VERSION:
        return case
    if case is None:
        case = Case(account=account, state=State.CONSENTED)
    case.terms_version, case.consented_at = rules.TERMS_VERSION, now
    case.save()
    append(
        Deed.PROOFING_CONSENTED,
        by=by,
        now=now,
        subject=account.pk,
        about={"case": str(case.pk), "terms": case.terms_version},
    )
    return case


@transaction.atomic(durable=True)
def begin_attempt(
    *, case: Case, facts: PersonalFacts, by: By, now: datetime, by_reference: bool = False
) -> Attempt:
    """Reserve a try, before the vendor is asked; an unanswered attempt with the same facts is taken up again (V-6).

    `facts` are what will be sent and must be the account's. Refused: NO_CONSENT, ALREADY_VERIFIED, HELP_DESK_ONLY,
    FACTS_CHANGED, SSN_MISSING, TRIES_EXHAUSTED(until), REFERENCE_MISSING, REFERENCE_EXPIRED,
    REFERENCE_CHECKS_EXHAUSTED(until).
    """
    limits: Limits = settings.LIMITS
    account = locked(case.account)
    case = Case.objects.select_for_update().get(pk=case.pk)
    wanted = _wanted(case, account, facts, by_reference=by_reference)
    waiting = case.attempts.filter(answered_at=None).first()
    if waiting and not (
        _asks_the_same(waiting, wanted) and rules.may_take_up_again(waiting.begun_at, now, limits)
    ):
        _abandon(waiting, now)
        waiting = None
    known = queries.rule_facts(account, facts, case=case, now=now, limits=limits, but=waiting)
    may_ask = rules.may_ask_by_reference if by_reference else rules.may_ask_online
    if not (answer := may_ask(known, now, limits)):
        answer.raise_it()
    if waiting and waiting.counted:
        return waiting
    attempt = waiting or wanted
    attempt.outcome, attempt.counted, attempt.begun_at = "", True, now
    attempt.save()
    append(Deed.PROOFING_ATTEMPTED, by=by, now=now, subject=account.pk, about=_about(attempt))
    return attempt


@transaction.atomic(durable=True)
def store_outcome(*, attempt: Attempt, outcome: Outcome, by: By, now: datetime) -> Attempt:
    """Write what the vendor answered, and all that follows from it; the first answer stays.

    Returns the attempt as it stands: its outcome can differ from what was told (`stale`, `void`, answered before).
    """
    account = locked(attempt.case.account)
    attempt = Attempt.objects.select_for_update().select_related("case").get(pk=attempt.pk)
    if attempt.answered_at is not None:
        return attempt
    if isinstance(outcome, Unavailable):
        return _give_back(attempt, account, by, now)
    attempt.outcome = _holds(attempt, account, outcome, by, now)
    attempt.answered_at, attempt.counted = now, True
    attempt.save()
    _move(attempt.case, attempt, outcome, now)
    _record(attempt, account, by, now)
    if attempt.outcome == AttemptOutcome.VERIFIED:
        close_manual(account=account, by=by, now=now)
    tell(attempt, account=account, now=now)
    return attempt


def _wanted(case: Case, account: Account, facts: PersonalFacts, *, by_reference: bool) -> Attempt:
    if facts != personal_facts(account):
        raise Refused(Refusal.FACTS_CHANGED)
    if not facts.ssn:
        raise Refused(Refusal.SSN_MISSING)
    reference = case.reference if by_reference else ""
    digest = queries.facts_digest(account, facts)
    return Attempt(
        case=case,
        method=Method.REFERENCE if by_reference else Method.ONLINE,
        reference=reference,
        facts_digest=digest,
        request_digest=queries.request_digest(facts, digest, reference=reference),
    )


def _asks_the_same(waiting: Attempt, wanted: Attempt) -> bool:
    return waiting.method == wanted.method and bytes(waiting.request_digest) == wanted.request_digest


def _abandon(waiting: Attempt, now: datetime) -> None:
    """Stays counted if it was: whoever changes the facts while the vendor thinks does not win a try."""
    waiting.outcome, waiting.answered_at = AttemptOutcome.ABANDONED, now
    waiting.save(update_fields=["outcome", "answered_at"])


def _give_back(attempt: Attempt, account: Account, by: By, now: datetime) -> Attempt:
    """The vendor was away: nothing is used up; the same request id will be sent again (V-3, V-6)."""
    if attempt.outcome != AttemptOutcome.UNAVAILABLE:
        attempt.outcome, attempt.counted = AttemptOutcome.UNAVAILABLE, False
        attempt.save(update_fields=["outcome", "counted"])
        _record(attempt, account, by, now)
    return attempt


def _holds(attempt: Attempt, account: Account, outcome: Outcome, by: By, now: datetime) -> AttemptOutcome:
    """What the vendor's answer means for this account as it is now."""
    if account.state == AccountState.MERGED:
        # Verified, its number would be void for the account that goes on for the same person.
        return AttemptOutcome.STALE
    if queries.facts_digest(account, personal_facts(account)) != bytes(attempt.facts_digest):
        return AttemptOutcome.STALE
    if isinstance(outcome, Verified):
        holds = holds_its_ssn(account, by=by, now=now)
        return AttemptOutcome.VERIFIED if holds else AttemptOutcome.VOID
    return AttemptOutcome.CALL if isinstance(outcome, Call) else AttemptOutcome.NOT_VERIFIED


def _move(case: Case, attempt: Attempt, outcome: Outcome, now: datetime) -> None:
    event = EVENT_OF[AttemptOutcome(attempt.outcome)]
    case.state = rules.next_state(State(case.state), event)
    if event is not Event.FACTS_CHANGED:
        case.facts_digest = attempt.facts_digest
    if event is Event.CALL and isinstance(outcome, Call):
        case.reference, case.call_number = outcome.reference, outcome.call_number
        limits: Limits = settings.LIMITS
        case.reference_expires_at = min(outcome.expires_at, now + limits.review_reference_life)
    if event is Event.VERIFIED:
        case.verified_at, case.method = now, attempt.method
    case.save()


def _record(attempt: Attempt, account: Account, by: By, now: datetime) -> None:
    append(
        Deed.PROOFING_OUTCOME,
        by=by,
        now=now,
        subject=account.pk,
        outcome=attempt.outcome,
        about=_about(attempt),
    )


def _about(attempt: Attempt) -> dict[str, str]:
    return {
        "case": str(attempt.case_id),
        "vendor_request": str(attempt.vendor_request_id),
        "method": attempt.method,
    }


def told(attempt: Attempt) -> Outcome:
    """The outcome of a stored attempt in the port's words. Refused: FACTS_CHANGED, where the answer was about others.

    A void claim reads like any other failure: whose number it is, is not told (A-5).
    """
    match AttemptOutcome(attempt.outcome):
        case AttemptOutcome.VERIFIED:
            return Verified()
        case AttemptOutcome.CALL:
            case = attempt.case
            assert case.reference_expires_at is not None  # a_review_reference_has_an_end
            return Call(case.reference, case.reference_expires_at, case.call_number)
        case AttemptOutcome.NOT_VERIFIED | AttemptOutcome.VOID:
            return NotVerified()
        case AttemptOutcome.UNAVAILABLE:
            return Unavailable()
    raise Refused(Refusal.FACTS_CHANGED)
