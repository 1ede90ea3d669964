"""Saying that two accounts are two people's, or proposing that they are one person's (A-5, H-5)."""

from datetime import datetime

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.registry.actions._deciding import (
    already_decided,
    checked_reason,
    deciding,
    refuse_unless,
    refuse_unless_able,
)
from bailiwick.idm.registry.models import DuplicateCase, Merge
from bailiwick.idm.registry.queries.cases import cases, decider_of, side, sides_of
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Presence
from bailiwick.idm.rules.duplicates import (
    CASE_STEPS,
    MERGE_STEPS,
    CaseEvent,
    CaseState,
    MergeEvent,
    MergeState,
    Refusal,
    may_merge,
)


def find_different(
    *, case: DuplicateCase, decider: Account, presence: Presence, reason: str, by: By, now: datetime
) -> DuplicateCase:
    """They are two people; the suspicion does not come back (A-5). The same by the same person again changes nothing.

    Raises Refused with a code of `rules.duplicates`: ALREADY_DECIDED(who) to whoever comes second.
    """
    reason = checked_reason(reason)
    with deciding(decider, case.first, case.second, by=by, now=now):
        refuse_unless_able(decider_of(decider, case.first, case.second, presence=presence, now=now), now=now)
        fresh = cases().get(pk=case.pk)
        if fresh.state == CaseState.DIFFERENT and fresh.decided_by_id == decider.pk:
            return fresh
        move_case(fresh, CaseEvent.FIND_DIFFERENT, decider=decider, reason=reason, now=now)
        record_case(fresh, Deed.DUPLICATE_DIFFERENT, reason=reason, by=by, now=now)
        return fresh


def propose_merge(
    *,
    case: DuplicateCase,
    survivor: Account,
    decider: Account,
    presence: Presence,
    reason: str,
    by: By,
    now: datetime,
) -> Merge:
    """They are one person, whose account `survivor` goes on; a second of tier 3 has to agree (H-5)."""
    reason = checked_reason(reason)
    one, two = sides_of(case)
    with deciding(decider, one, two, by=by, now=now):
        refuse_unless_able(decider_of(decider, one, two, presence=presence, now=now), now=now)
        fresh = cases().get(pk=case.pk)
        other = {one.pk: two, two.pk: one}.get(survivor.pk)
        if other is None or one.pk == two.pk:
            raise Refused(Refusal.SURVIVOR_NOT_OF_CASE)
        waiting = Merge.objects.filter(case=fresh, state=MergeState.PROPOSED).select_related(
            "proposed_by__person"
        )
        proposed = waiting.first()
        if proposed is not None:
            if proposed.proposed_by_id == decider.pk and proposed.survivor_id == survivor.pk:
                return proposed
            raise already_decided(proposed.proposed_by)
        refuse_unless(may_merge(side(survivor), side(other)))
        move_case(fresh, CaseEvent.PROPOSE, decider=decider, reason=reason, now=now)
        merge = Merge.objects.create(
            case=fresh, survivor=survivor, other=other, proposed_by=decider, proposed_at=now, reason=reason
        )
        record_case(fresh, Deed.MERGE_PROPOSED, reason=reason, by=by, now=now)
        return merge


def reject_merge(
    *, merge: Merge, decider: Account, presence: Presence, reason: str, by: By, now: datetime
) -> Merge:
    """Not agreed, or taken back by who proposed it: the case is open again."""
    reason = checked_reason(reason)
    with deciding(decider, merge.survivor, merge.other, by=by, now=now):
        refuse_unless_able(
            decider_of(decider, merge.survivor, merge.other, presence=presence, now=now), now=now
        )
        fresh = Merge.objects.select_related("settled_by__person").get(pk=merge.pk)
        if fresh.state == MergeState.REJECTED and fresh.settled_by_id == decider.pk:
            return fresh
        settle(fresh, MergeEvent.REJECT, decider=decider, reason=reason, now=now)
        case = cases().get(pk=merge.case_id)
        move_case(case, CaseEvent.REJECT, decider=decider, reason=reason, now=now)
        record_case(case, Deed.MERGE_REJECTED, reason=reason, by=by, now=now)
        return fresh


def move_case(case: DuplicateCase, event: CaseEvent, *, decider: Account, reason: str, now: datetime) -> None:
    """Along the table, once. Raises ALREADY_DECIDED(who) where somebody was faster."""
    before = CaseState(case.state)
    after = CASE_STEPS[before].get(event)
    values = {"decided_by": decider, "decided_at": now, "reason": reason}
    mine = DuplicateCase.objects.filter(pk=case.pk, state=before.value)
    if after is None or not mine.update(state=after.value, **values):
        raise already_decided(case.decided_by)
    case.state = after.value
    for name, value in values.items():
        setattr(case, name, value)


def settle(merge: Merge, event: MergeEvent, *, decider: Account, reason: str, now: datetime) -> None:
    """Agree to it or not, once. Raises ALREADY_DECIDED(who) where somebody was faster."""
    after = MERGE_STEPS[MergeState(merge.state)].get(event)
    mine = Merge.objects.filter(pk=merge.pk, state=merge.state)
    values = {"settled_by": decider, "settled_at": now, "settled_reason": reason}
    if after is None or not mine.update(state=after.value, **values):
        raise already_decided(merge.settled_by)
    merge.state = after.value
    for name, value in values.items():
        setattr(merge, name, value)


def record_case(case: DuplicateCase, deed: Deed, *, reason: str, by: By, now: datetime) -> None:
    """One entry about each of the two (L-1)."""
    for account in (case.first, case.second):
        append(deed, by=by, now=now, subject=account.pk, why=reason, about={"case": str(case.pk)})
