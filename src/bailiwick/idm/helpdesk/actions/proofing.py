"""Tier 3 decides on documents: its authority under locks, then proofing's own act, in one transaction. (V-5, H-5)"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from bailiwick.ground.rulings import By
from bailiwick.idm.helpdesk.actions._acting import Deskwork, acting
from bailiwick.idm.proofing import actions as proofing
from bailiwick.idm.proofing.models import Evidence
from bailiwick.idm.rules.desk import Act
from bailiwick.idm.rules.manual import Check, Verdict


def note_evidence_seen(*, work: Deskwork, evidence: Evidence, by: By, now: datetime) -> None:
    """Ask for the authority to open a document, and write that it was opened (H-3)."""
    with acting(Act.SEE_PROOFING, work, by=by, now=now):
        proofing.note_seen(evidence=evidence, by=by, now=now)


def propose_on_documents(
    *,
    work: Deskwork,
    manual_id: UUID,
    verdict: Verdict,
    checked: Collection[Check],
    why: str,
    by: By,
    now: datetime,
) -> None:
    """The first decision; the same form twice is one. Refuses what `rules.desk` and `rules.manual` refuse."""
    with acting(Act.DECIDE_PROOFING, work, by=by, now=now) as row:
        if row is None:
            return
        proofing.propose(
            manual_id=manual_id,
            decider=work.desk,
            verdict=verdict,
            checked=checked,
            why=why,
            by=by,
            now=now,
        )
        row.save(force_insert=True)


def settle_on_documents(
    *, work: Deskwork, manual_id: UUID, confirms: bool, why: str, by: By, now: datetime
) -> None:
    """The second person's decision; the same form twice is one."""
    with acting(Act.DECIDE_PROOFING, work, by=by, now=now) as row:
        if row is None:
            return
        proofing.settle(manual_id=manual_id, decider=work.desk, confirms=confirms, why=why, by=by, now=now)
        row.save(force_insert=True)


def ask_for_documents(*, work: Deskwork, manual_id: UUID, missing: str, by: By, now: datetime) -> None:
    """Give the case back to the person, saying what is missing; the same form twice is one."""
    with acting(Act.DECIDE_PROOFING, work, by=by, now=now) as row:
        if row is None:
            return
        proofing.ask_for_more(manual_id=manual_id, decider=work.desk, missing=missing, by=by, now=now)
        row.save(force_insert=True)
