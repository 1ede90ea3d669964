"""Writing down what became of certifications, in the transaction of whoever decided it. Not an action: nobody is asked."""

from collections.abc import Collection
from datetime import datetime

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.idm.access.certification import OPEN, Certification
from bailiwick.idm.access.models import Grant
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.certification import Event, Outcome, after
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import EndReason

# What the end of a role makes of its certification; every other end is none of its certifier's.
EVENTS = {
    EndReason.REMOVED_BY_APPROVER: Event.REMOVE,
    EndReason.REMOVED_BY_DESK: Event.REMOVE,
    EndReason.CERTIFICATION_MISSED: Event.MISS,
}


def settle_certified(
    grants: Collection[Grant], *, decided_by: Account, comment: str, now: datetime, is_late: bool = False
) -> None:
    """Certify each role for the day it is due, in as many statements as one; no round has to have opened it (I-2).

    The caller holds the roles' locks, so that there is one decision a period (INV-11).
    """
    Certification.objects.bulk_create(
        [Certification(grant=one, holder=one.account, due_on=one.certify_by) for one in grants],
        ignore_conflicts=True,
    )
    due = {(one.pk, one.certify_by) for one in grants}
    undecided = [OPEN, Outcome.MISSED.value] if is_late else [OPEN]
    rows = Certification.objects.filter(grant__in=[one.pk for one in grants], outcome__in=undecided)
    keys = [key for key, grant, due_on in rows.values_list("pk", "grant", "due_on") if (grant, due_on) in due]
    Certification.objects.filter(pk__in=keys).update(
        outcome=after(Outcome.OPEN, Event.CERTIFY),
        decided_by=decided_by,
        decided_at=now,
        comment=comment,
        is_late=is_late,
    )


def settle_ended(grant: Grant, *, now: datetime) -> None:
    """A role that just ended is not certified any more: whoever removed it decided so (C-4)."""
    event = EVENTS.get(EndReason(grant.end_reason), Event.END)
    is_decided = event is Event.REMOVE
    Certification.objects.filter(grant=grant, outcome=OPEN).update(
        outcome=after(Outcome.OPEN, event),
        holder=grant.account,
        decided_by=grant.ended_by if is_decided else None,
        decided_at=now if is_decided else None,
        comment=grant.end_comment if is_decided else "",
    )


def note_certified(deed: Deed, grant: Grant, *, by: By, now: datetime, why: str = "", **about: str) -> None:
    append(
        deed,
        by=by,
        now=now,
        subject=grant.account_id,
        organization=grant.submitter_id,
        application=grant.application,
        why=why,
        about={"grant": str(grant.pk), "role": grant.role, **about},
    )
