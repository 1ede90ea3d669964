"""The person's side of proofing by hand: open a case, add and take back documents, hand them in. (V-5)"""

import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, Refused
from bailiwick.ground.uploads import actions as uploads
from bailiwick.ground.uploads.rules import Content
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing import queries
from bailiwick.idm.proofing.actions._holding import locked
from bailiwick.idm.proofing.models import Evidence, Manual
from bailiwick.idm.proofing.notices import tell_of_manual
from bailiwick.idm.rules import manual as rules
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.limits import Limits
from bailiwick.idm.rules.manual import Document, Event, Refusal, State

# Read out on the phone: no letter or digit that sounds or looks like another.
SIGNS = "ACDEFGHJKLMNPQRTUVWXYZ346789"
PURPOSE = "proofing evidence"


@transaction.atomic
def open_manual(*, account: Account, by: By, now: datetime) -> Manual:
    """Open the account's case by hand, or give the one that is open. Refused: see `rules.manual.may_open`."""
    account = locked(account)
    if (manual := queries.open_manual_of(account)) is not None:
        return manual
    ruling = rules.may_open(queries.ways(account, now=now), now, settings.LIMITS)
    if not ruling:
        ruling.raise_it()
    digest = queries.facts_digest(account, personal_facts(account))
    manual = Manual.objects.create(
        number=_new_number(),
        account=account,
        ground=ruling.ground,
        state=State.COLLECTING,
        facts_digest=digest,
        opened_at=now,
    )
    _record(Deed.MANUAL_OPENED, manual, by, now, why=ruling.ground)
    return manual


@transaction.atomic
def add_evidence(
    *, account: Account, document: Document, content: Content, once: UUID, by: By, now: datetime
) -> Evidence:
    """Keep one document of the open case; the same form twice is one document.

    What is never handed in goes after 30 days. Refused: NO_CASE, NOT_COLLECTING, TOO_MANY_DOCUMENTS.
    """
    limits: Limits = settings.LIMITS
    manual = _open_case(account)
    if (sent := manual.evidence.filter(once=once).first()) is not None:
        return sent
    ruling = rules.may_add(State(manual.state), len(queries.evidence_of(manual)), limits)
    if not ruling:
        ruling.raise_it()
    upload = uploads.keep(
        content,
        purpose=PURPOSE,
        subject=str(manual.pk),
        by=by,
        now=now,
        delete_at=now + limits.evidence_kept,
    )
    evidence = Evidence.objects.create(manual=manual, upload=upload, document=document, once=once, at=now)
    _record(Deed.MANUAL_EVIDENCE_ADDED, manual, by, now, document=document.value)
    return evidence


@transaction.atomic
def remove_evidence(*, account: Account, evidence_id: UUID, by: By, now: datetime) -> None:
    """Take one document back while collecting; its content is deleted at once.

    Refused: NO_CASE, NOT_COLLECTING, NO_SUCH_DOCUMENT.
    """
    manual = _open_case(account)
    if manual.state != State.COLLECTING:
        raise Refused(Refusal.NOT_COLLECTING)
    evidence = manual.evidence.filter(pk=evidence_id).first()
    if evidence is None:
        raise Refused(Refusal.NO_SUCH_DOCUMENT)
    if uploads.delete(evidence.upload_id, by=by, now=now):
        _record(Deed.MANUAL_EVIDENCE_REMOVED, manual, by, now, document=evidence.document)


@transaction.atomic
def hand_in(*, account: Account, by: By, now: datetime) -> Manual:
    """Give the case to tier 3, about the facts as they are now; pressed twice is once.

    Refused: NO_CASE, PICTURE_ID_MISSING, ADDRESS_PROOF_MISSING.
    """
    manual = _open_case(account)
    if manual.state in rules.AT_THE_DESK:
        return manual
    held = queries.evidence_of(manual)
    ruling = rules.may_hand_in(State(manual.state), {Document(each.document) for each in held})
    if not ruling:
        ruling.raise_it()
    manual.facts_digest = queries.facts_digest(manual.account, personal_facts(manual.account))
    manual.state = rules.next_state(State(manual.state), Event.HAND_IN)
    manual.handed_in_at, manual.missing = now, ""
    manual.save()
    for each in held:
        # Until the decision; that sets their day.
        uploads.set_deletion(each.upload_id, at=None)
    _record(Deed.MANUAL_HANDED_IN, manual, by, now)
    tell_of_manual("identity-documents-received", manual, now=now)
    return manual


def close_manual(*, account: Account, by: By, now: datetime) -> None:
    """The person was verified another way: the open case ends, its evidence goes on its day. In a transaction already."""
    manual = queries.open_manual_of(account)
    if manual is not None:
        end(manual, Event.CLOSE, now=now)
        _record(Deed.MANUAL_CLOSED, manual, by, now)


def end(manual: Manual, event: Event, *, now: datetime) -> None:
    """Move the case to its end and set the day on which its evidence goes (V-7)."""
    manual.state = rules.next_state(State(manual.state), event)
    manual.decided_at = now
    manual.save()
    for upload_id in manual.evidence.values_list("upload_id", flat=True):
        uploads.set_deletion(upload_id, at=now + settings.LIMITS.evidence_kept)


def _open_case(account: Account) -> Manual:
    manual = queries.open_manual_of(locked(account))
    if manual is None:
        raise Refused(Refusal.NO_CASE)
    return manual


def _record(deed: Deed, manual: Manual, by: By, now: datetime, why: str = "", **about: str) -> None:
    append(deed, by=by, now=now, subject=manual.account_id, why=why, about={"manual": str(manual.pk)} | about)


def _new_number() -> str:
    while True:
        signs = "".join(secrets.choice(SIGNS) for _ in range(8))
        number = f"V-{signs[:4]}-{signs[4:]}"
        if not Manual.objects.filter(number=number).exists():
            return number
