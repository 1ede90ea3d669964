"""The desk's side of proofing by hand: propose, confirm or send back, ask for more. (V-5, H-5)

Who sits at the desk is asked by the desk's own room, in the same transaction; here it is one person or another.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, Refused
from bailiwick.ground.uploads import actions as uploads
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import personal_facts
from bailiwick.idm.proofing import queries
from bailiwick.idm.proofing.actions._holding import holds_its_ssn, locked
from bailiwick.idm.proofing.actions.manual import end
from bailiwick.idm.proofing.models import Case, Evidence, Judgement, Manual, Method
from bailiwick.idm.proofing.notices import tell_of_manual
from bailiwick.idm.rules import manual as rules
from bailiwick.idm.rules import proofing
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.manual import Check, Event, Refusal, State, Verdict

FINAL = frozenset({Event.VERIFY, Event.REFUSE})


@transaction.atomic
def propose(
    *,
    manual_id: UUID,
    decider: Account,
    verdict: Verdict,
    checked: Collection[Check],
    why: str,
    by: By,
    now: datetime,
) -> Manual:
    """The first decider's verdict; final where the deployment has one decider only.

    Refused: MOVED_ON, WHY_TOO_SHORT, NOT_SCANNED, FACTS_CHANGED, CHECKS_MISSING.
    """
    manual = _at_desk(manual_id)
    desk = queries.desk_facts(manual, decider)
    ruling = rules.may_propose(desk, verdict, checked, why)
    if not ruling:
        ruling.raise_it()
    names = sorted(set(checked))
    _judge(manual, decider, Judgement.Kind.PROPOSED, now, verdict=verdict, checked=names, why=why.strip())
    event = rules.event_of(desk, verdict)
    about = {"verdict": verdict.value, "checked": list(names)}
    _record(Deed.MANUAL_PROPOSED, manual, by, now, why=why.strip(), **about)
    if event in FINAL:
        return _decide(manual, event, by, now)
    return _move(manual, event)


@transaction.atomic
def settle(*, manual_id: UUID, decider: Account, confirms: bool, why: str, by: By, now: datetime) -> Manual:
    """The second decider confirms what was proposed, which decides, or sends it back with a reason.

    Refused: MOVED_ON, SAME_PERSON, FACTS_CHANGED, WHY_TOO_SHORT (to send back).
    """
    manual = _at_desk(manual_id)
    ruling = rules.may_settle(queries.desk_facts(manual, decider), confirms=confirms)
    if not ruling:
        ruling.raise_it()
    verdict = rules.proposed(State(manual.state))
    if not confirms:
        if len(why.strip()) < rules.WHY_SHORTEST:
            raise Refused(Refusal.WHY_TOO_SHORT, least=rules.WHY_SHORTEST)
        _judge(manual, decider, Judgement.Kind.SENT_BACK, now, verdict=verdict, why=why.strip())
        _record(Deed.MANUAL_SENT_BACK, manual, by, now, why=why.strip(), verdict=verdict.value)
        return _move(manual, Event.SEND_BACK)
    _judge(manual, decider, Judgement.Kind.CONFIRMED, now, verdict=verdict, why=why.strip())
    return _decide(manual, Event.VERIFY if verdict is Verdict.VERIFY else Event.REFUSE, by, now, why.strip())


@transaction.atomic
def ask_for_more(*, manual_id: UUID, decider: Account, missing: str, by: By, now: datetime) -> Manual:
    """Give the case back to the person, who reads `missing`. Refused: MOVED_ON, WHY_TOO_SHORT."""
    manual = _at_desk(manual_id)
    ruling = rules.may_ask_for_more(queries.desk_facts(manual, decider), missing)
    if not ruling:
        ruling.raise_it()
    manual.missing = missing.strip()
    _judge(manual, decider, Judgement.Kind.MORE_ASKED, now, why=missing.strip())
    _record(Deed.MANUAL_MORE_ASKED, manual, by, now)
    _move(manual, Event.ASK_FOR_MORE)
    for each in queries.evidence_of(manual):
        # As while it was collected first: what is not handed in again does not stay for ever.
        uploads.set_deletion(each.upload_id, at=now + settings.LIMITS.evidence_kept)
    tell_of_manual("identity-documents-missing", manual, now=now)
    return manual


def note_seen(*, evidence: Evidence, by: By, now: datetime) -> None:
    """Whoever opens a document leaves an entry (H-3, L-2)."""
    about = {"manual": str(evidence.manual_id), "evidence": str(evidence.pk), "document": evidence.document}
    append(Deed.MANUAL_EVIDENCE_SEEN, by=by, now=now, subject=evidence.manual.account_id, about=about)


def _at_desk(manual_id: UUID) -> Manual:
    """The case under the lock of its person. Refused: NO_CASE."""
    owner = Manual.objects.filter(pk=manual_id).values_list("account", flat=True).first()
    if owner is None:
        raise Refused(Refusal.NO_CASE)
    account = locked(Account(pk=owner))
    manual = Manual.objects.select_for_update().get(pk=manual_id)
    manual.account = account
    return manual


def _decide(manual: Manual, event: Event, by: By, now: datetime, why: str = "") -> Manual:
    if event is Event.VERIFY:
        event = _verify(manual, by, now)
    end(manual, event, now=now)
    _record(Deed.MANUAL_DECIDED, manual, by, now, why=why, outcome=manual.state)
    name = "identity-verified" if event is Event.VERIFY else "identity-documents-refused"
    tell_of_manual(name, manual, now=now)
    return manual


def _verify(manual: Manual, by: By, now: datetime) -> Event:
    """Proofed by hand, unless the SSN is another person's by now (A-5). Abroad a person may have none."""
    account = manual.account
    holds = not personal_facts(account).ssn or holds_its_ssn(account, by=by, now=now)
    case = queries.open_case(account) or Case(
        account=account,
        state=proofing.State.CONSENTED,
        terms_version=proofing.TERMS_VERSION,
        consented_at=manual.handed_in_at,
    )
    event = proofing.Event.VERIFIED if holds else proofing.Event.SSN_TAKEN
    case.state = proofing.next_state(proofing.State(case.state), event)
    case.facts_digest = manual.facts_digest
    if holds:
        case.verified_at, case.method = now, Method.MANUAL
    case.save()
    return Event.VERIFY if holds else Event.SSN_TAKEN


def _move(manual: Manual, event: Event) -> Manual:
    manual.state = rules.next_state(State(manual.state), event)
    manual.save()
    return manual


def _judge(manual: Manual, decider: Account, kind: Judgement.Kind, now: datetime, **fields: object) -> None:
    Judgement.objects.create(manual=manual, decider=decider, kind=kind, at=now, **fields)


def _record(
    deed: Deed,
    manual: Manual,
    by: By,
    now: datetime,
    *,
    why: str = "",
    outcome: str = "done",
    **about: object,
) -> None:
    append(
        deed,
        by=by,
        now=now,
        subject=manual.account_id,
        why=why,
        outcome=outcome,
        about={"manual": str(manual.pk)} | about,
    )
