"""Correction requests (A-7): the holder asks with reason and document, tier 3 decides, SSN and birth date by two people.

Whether a number is somebody else's is never told to who asks: only tier 3 learns it, when they decide (A-4, AR02, AR03).
"""

import json
from datetime import date, datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bailiwick.ground import vault
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, Refused
from bailiwick.ground.uploads import actions as uploads
from bailiwick.ground.uploads.rules import Content
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account, Person, SsnNumber
from bailiwick.idm.accounts.queries import personal_facts, was_ever_verified
from bailiwick.idm.proofing.actions import carry_over
from bailiwick.idm.proofing.queries import is_proofed
from bailiwick.idm.registry import notices
from bailiwick.idm.registry.actions._deciding import (
    already_decided,
    checked_reason,
    deciding,
    refuse_unless,
)
from bailiwick.idm.registry.models import Correction
from bailiwick.idm.registry.queries.cases import decider_of, side
from bailiwick.idm.registry.queries.corrections import (
    PROPOSED_PLACE,
    corrections,
    has_waiting,
    proposed_facts,
)
from bailiwick.idm.rules import accounts as account_rules
from bailiwick.idm.rules import corrections as rules
from bailiwick.idm.rules.accounts import AccountState, PersonalFacts, SsnState
from bailiwick.idm.rules.corrections import Asking, Event, Kind, Refusal, State
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Presence
from bailiwick.idm.rules.requests import REASON_LONGEST

PURPOSE = "correction"
NAMES = ("first", "middle", "last", "suffix")
DEED_OF = {
    Event.AGREE: Deed.CORRECTION_AGREED,
    Event.APPROVE: Deed.CORRECTION_APPROVED,
    Event.DENY: Deed.CORRECTION_DENIED,
    Event.CANCEL: Deed.CORRECTION_CANCELED,
}


def ask_for_correction(
    *,
    account: Account,
    kind: Kind,
    facts: PersonalFacts,
    reason: str,
    document: Content | None,
    once: UUID,
    by: By,
    now: datetime,
) -> Correction:
    """Store the request and its document. `facts`: the holder's, with the new values put in.

    Raises Refused with what `rules.accounts` objects to in the new values, or a code of `rules.corrections`. The same form
    again gives the first request.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        sent = corrections().filter(account=account, once=once).first()
        if sent is not None:
            return sent
        values = _values(kind, facts)
        _refuse_what_cannot_be(account, kind, facts, values, reason=reason, document=document, now=now)
        correction = Correction(id=uuid4(), once=once, account=account, kind=kind.value, asked_at=now)
        correction.reason = reason.strip()
        row = str(correction.pk)
        correction.proposed_sealed = vault.seal(json.dumps(values), place=PROPOSED_PLACE, row=row)
        correction.document = uploads.keep(
            document, purpose=PURPOSE, subject=row, by=by, now=now, delete_at=None
        )
        correction.save(force_insert=True)
        _record(correction, Deed.CORRECTION_ASKED, by=by, now=now)
        notices.tell_correction_asked(correction, now=now)
        return correction


def _values(kind: Kind, facts: PersonalFacts) -> dict[str, str]:
    if kind is Kind.BIRTH_DATE:
        return {"birth_date": facts.birth_date.isoformat()}
    return {name: getattr(facts, name) for name in (NAMES if kind is Kind.NAME else ("ssn",))}


def _refuse_what_cannot_be(
    account: Account,
    kind: Kind,
    facts: PersonalFacts,
    values: dict[str, str],
    *,
    reason: str,
    document: Content | None,
    now: datetime,
) -> None:
    if account.state != AccountState.ACTIVE:
        raise Refused(Refusal.ACCOUNT_NOT_ACTIVE)
    today: date = timezone.localdate(now)
    for objection in account_rules.objections(
        facts, today, settings.LIMITS, development=settings.DEVELOPMENT
    ):
        objection.raise_it()
    asking = Asking(
        is_proven=is_proofed(account) or was_ever_verified(account),
        corrections=Person.objects.values_list("corrections", flat=True).get(pk=account.pk),
        is_waiting=has_waiting(account, kind),
        is_change=_values(kind, personal_facts(account)) != values and bool(facts.ssn),
        has_document=document is not None,
        has_reason=0 < len(reason.strip()) <= REASON_LONGEST,
    )
    refuse_unless(rules.may_ask(asking, settings.LIMITS))


def cancel_correction(*, correction: Correction, account: Account, by: By, now: datetime) -> Correction:
    """The holder takes it back; the document goes at once. Canceling again changes nothing."""
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True).get(pk=account.pk)
        fresh = corrections().get(pk=correction.pk)
        if fresh.account_id != account.pk:
            raise Refused(Refusal.NOT_YOURS)
        if fresh.state == State.CANCELED:
            return fresh
        _move(fresh, Event.CANCEL)
        uploads.set_deletion(fresh.document_id, at=now)
        _record(fresh, Deed.CORRECTION_CANCELED, by=by, now=now)
        return fresh


def decide_correction(
    *,
    correction: Correction,
    decider: Account,
    presence: Presence,
    approve: bool,
    is_document_accepted: bool,
    reason: str,
    by: By,
    now: datetime,
) -> Correction:
    """Approve, which for SSN and birth date takes a second person (H-5), or deny, which is mailed with its reason.

    `is_document_accepted`: the document proves the new facts, so the assurance level stays; of two people both must say so.
    Raises Refused with a code of `rules.duplicates` or `rules.corrections`: CORRECTION_DECIDED(who), SSN_NOT_FREE, ….
    """
    reason = checked_reason(reason)
    account = correction.account
    digest = _digest_wanted(correction) if approve else b""
    with deciding(decider, account, by=by, now=now):
        fresh = corrections().get(pk=correction.pk)
        asking = decider_of(decider, account, presence=presence, now=now, first=fresh.first_by)
        state = State(fresh.state)
        if _is_repeat(fresh, decider, approve=approve):
            return fresh
        refuse_unless(rules.may_decide(asking, state, now=now, limits=settings.LIMITS))
        if approve:
            _refuse_closed(account)
        event = rules.event_of(Kind(fresh.kind), state, approve=approve)
        if event is Event.AGREE:
            _move(fresh, event, first_by=decider, first_at=now, is_first_accepting=is_document_accepted)
        else:
            both = fresh.first_by_id is None or fresh.is_first_accepting
            accepted = event is Event.APPROVE and is_document_accepted and both
            decision = {"decided_by": decider, "decided_at": now, "decision_reason": reason}
            _move(fresh, event, is_document_accepted=accepted, **decision)
        if event is Event.APPROVE:
            _correct(fresh, account, digest, by=by, now=now)
        _record(fresh, DEED_OF[event], why=reason, by=by, now=now)
        if event is not Event.AGREE:
            uploads.set_deletion(fresh.document_id, at=now + settings.LIMITS.correction_document_kept)
            notices.tell_correction_decided(fresh, now=now)
        return fresh


def note_document_seen(*, correction: Correction, by: By, now: datetime) -> None:
    """Somebody of tier 3 opened the document (L-2)."""
    _record(correction, Deed.CORRECTION_DOCUMENT_SEEN, by=by, now=now)


def _digest_wanted(correction: Correction) -> bytes:
    """Of the number that will be the account's: slow, so made before any lock is held."""
    account = correction.account
    return accounts.ssn_digest(proposed_facts(correction, personal_facts(account)).ssn)


def _is_repeat(correction: Correction, decider: Account, *, approve: bool) -> bool:
    if correction.decided_by_id == decider.pk:
        return correction.state == (State.APPROVED if approve else State.DENIED)
    return False


def _refuse_closed(account: Account) -> None:
    """Nobody's facts are replaced who was merged, stopped by staff, or said that it was not them who asked (S-9)."""
    open_now = side(account)
    if not open_now.is_active or open_now.is_frozen:
        raise Refused(Refusal.ACCOUNT_NOT_ACTIVE)


def _move(correction: Correction, event: Event, **values: object) -> None:
    """Along the table, once. Raises CORRECTION_DECIDED(who) where somebody was faster."""
    before = State(correction.state)
    after = rules.STEPS[before].get(event)
    mine = Correction.objects.filter(pk=correction.pk, state=before.value)
    if after is None or not mine.update(state=after.value, **values):
        raise already_decided(correction.decided_by, Refusal.CORRECTION_DECIDED)
    correction.state = after.value
    for name, value in values.items():
        setattr(correction, name, value)


def _correct(correction: Correction, account: Account, digest: bytes, *, by: By, now: datetime) -> None:
    """Write the new facts into the account, and keep its assurance where the document was accepted (A-7)."""
    before = personal_facts(account)
    after = proposed_facts(correction, before)
    if after == before:
        raise Refused(Refusal.CORRECTION_OVERTAKEN)
    held = SsnNumber.objects.filter(account=account, state=SsnState.VERIFIED).exists()
    try:
        accounts.replace_facts(
            account=account,
            facts=after,
            digest=digest,
            is_proven=held and correction.is_document_accepted,
            by=by,
            now=now,
        )
    except Refused as refused:
        if refused.code is account_rules.Refusal.SSN_TAKEN:
            raise Refused(Refusal.SSN_NOT_FREE) from refused
        raise
    if correction.is_document_accepted:
        carry_over(account=account, before=before, by=by, now=now)


def _record(correction: Correction, deed: Deed, *, by: By, now: datetime, why: str = "") -> None:
    about = {"correction": str(correction.pk), "kind": correction.kind}
    append(deed, by=by, now=now, subject=correction.account_id, why=why, about=about)
