"""Making two accounts of one person one, and undoing that (A-5, H-5).

Nothing is deleted and nothing copied: the other account keeps its password, factors, number and history, closed, and
points at the survivor. So undoing needs to know only what changed hands.
"""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from bailiwick.ground.outbox.actions import call
from bailiwick.ground.rulings import By, Refused
from bailiwick.idm.access import actions as access
from bailiwick.idm.access.models import Certification, Grant, RoleRequest
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.registry import notices
from bailiwick.idm.registry.actions._deciding import (
    already_decided,
    checked_reason,
    deciding,
    refuse_unless,
    refuse_unless_able,
)
from bailiwick.idm.registry.actions.cases import move_case, record_case, settle
from bailiwick.idm.registry.models import JoinedDecision, Merge, MovedRow
from bailiwick.idm.registry.queries.cases import cases, decider_of, side
from bailiwick.idm.rules.certification import Outcome
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Presence
from bailiwick.idm.rules.duplicates import (
    CaseEvent,
    MergeEvent,
    MergeState,
    Refusal,
    may_merge,
    may_undo,
)
from bailiwick.idm.rules.requests import State as RequestState
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions import actions as sessions
from bailiwick.idm.sessions.models import ApplicationSession

SUBJECT_CHANGED = "subject-changed"
"""The outbox's name for telling an application where a subject points now."""


def agree_to_merge(
    *, merge: Merge, decider: Account, presence: Presence, reason: str, by: By, now: datetime
) -> Merge:
    """The second of tier 3 agrees: from now on the two accounts are one (A-5, H-5). Agreeing again changes nothing.

    Raises Refused with a code of `rules.duplicates`: SAME_DECIDER, ALREADY_DECIDED(who), what speaks against the merge.
    """
    reason = checked_reason(reason)
    survivor, other = merge.survivor, merge.other
    with deciding(decider, survivor, other, by=by, now=now):
        fresh = Merge.objects.select_related("settled_by__person", "proposed_by").get(pk=merge.pk)
        asking = decider_of(decider, survivor, other, presence=presence, now=now, first=fresh.proposed_by)
        refuse_unless_able(asking, now=now, as_second=True)
        if fresh.state == MergeState.DONE and fresh.settled_by_id == decider.pk:
            return fresh
        if fresh.state != MergeState.PROPOSED:
            raise already_decided(fresh.settled_by)
        refuse_unless(may_merge(side(survivor), side(other)))
        settle(fresh, MergeEvent.AGREE, decider=decider, reason=reason, now=now)
        case = cases().get(pk=fresh.case_id)
        move_case(case, CaseEvent.MERGE, decider=decider, reason=reason, now=now)
        _join(fresh, survivor, other, by=by, now=now)
        record_case(case, Deed.MERGED, reason=reason, by=by, now=now)
        return fresh


def _join(merge: Merge, survivor: Account, other: Account, *, by: By, now: datetime) -> None:
    merge.applications = _applications_that_know(other)
    merge.save(update_fields=["applications"])
    _flag_decisions(merge, survivor, other, now=now)
    sessions.end_all(account=other, why=EndReason.MERGED, by=by, now=now)
    moves = access.hand_over(source=other, survivor=survivor, by=by, now=now)
    MovedRow.objects.bulk_create(
        MovedRow(
            merge=merge,
            grant=move.grant,
            request=move.request,
            beside=move.beside,
            signed_in_before=move.signed_in_before,
        )
        for move in moves
    )
    if not accounts.point_at(account=other, survivor=survivor, by=by, now=now):
        raise Refused(Refusal.ACCOUNT_GONE)
    _tell_applications(merge, merged_into=survivor, at="merged", now=now)
    notices.tell_merged(merge, survivor, other, now=now)


def undo_merge(
    *, merge: Merge, decider: Account, presence: Presence, reason: str, by: By, now: datetime
) -> Merge:
    """Within 30 days the other account is again what it was; what is new stays with the survivor (A-5).

    Raises Refused with a code of `rules.duplicates`: UNDO_TOO_LATE(days), UNDO_LATER_FIRST, ALREADY_DECIDED(who).
    """
    reason = checked_reason(reason)
    survivor, other = merge.survivor, merge.other
    with deciding(decider, survivor, other, by=by, now=now):
        refuse_unless_able(decider_of(decider, survivor, other, presence=presence, now=now), now=now)
        fresh = Merge.objects.select_related("undone_by__person").get(pk=merge.pk)
        if fresh.state == MergeState.UNDONE and fresh.undone_by_id == decider.pk:
            return fresh
        if fresh.state != MergeState.DONE:
            raise already_decided(fresh.undone_by)
        refuse_unless(may_undo(fresh.settled_at, side(survivor), now=now, limits=settings.LIMITS))
        done = Merge.objects.filter(pk=fresh.pk, state=MergeState.DONE.value)
        values = {"undone_by": decider, "undone_at": now, "undone_reason": reason}
        if not done.update(state=MergeState.UNDONE.value, **values):
            raise already_decided(None)
        case = cases().get(pk=fresh.case_id)
        move_case(case, CaseEvent.UNDO, decider=decider, reason=reason, now=now)
        _part(fresh, survivor, other, by=by, now=now)
        record_case(case, Deed.MERGE_UNDONE, reason=reason, by=by, now=now)
        fresh.refresh_from_db()
        return fresh


def _part(merge: Merge, survivor: Account, other: Account, *, by: By, now: datetime) -> None:
    if not accounts.separate(account=other, by=by, now=now):
        raise Refused(Refusal.ACCOUNT_GONE)
    # A sign-in that was on its way while the accounts became one may have left a session: it opens nothing now either.
    sessions.end_all(account=other, why=EndReason.MERGED, by=by, now=now)
    rows = merge.moved.select_related("grant", "request", "beside").order_by("-pk")
    moves = [access.Move(row.grant, row.request, row.beside, row.signed_in_before) for row in rows]
    access.hand_back(moves=moves, source=other, survivor=survivor, merged_at=merge.settled_at, by=by, now=now)
    _tell_applications(merge, merged_into=None, at="undone", now=now)
    notices.tell_undone(merge, survivor, other, now=now)


def _applications_that_know(account: Account) -> list[str]:
    """Where the account, or one that was merged into it, ever held, asked for or used anything."""
    known: set[str] = set()
    known.update(Grant.objects.filter(account=account).values_list("application", flat=True))
    known.update(RoleRequest.objects.filter(account=account).values_list("application", flat=True))
    entered = ApplicationSession.objects.filter(session__account=account)
    known.update(entered.values_list("application", flat=True))
    for earlier in Merge.objects.filter(survivor=account, state=MergeState.DONE):
        known.update(earlier.applications)
    return sorted(known)


def _flag_decisions(merge: Merge, survivor: Account, other: Account, *, now: datetime) -> None:
    """What one approved for the other, or certified, and is still held, was decided about oneself, as it turns out (Q-5)."""
    between = Q(account=survivor, decided_by=other) | Q(account=other, decided_by=survivor)
    rows = RoleRequest.objects.filter(between, state=RequestState.APPROVED, grant__ended_at__isnull=True)
    flagged = list(rows.exclude(grant=None))
    JoinedDecision.objects.bulk_create(JoinedDecision(merge=merge, request=row) for row in flagged)
    certified = _certified_between(survivor, other, but=flagged)
    JoinedDecision.objects.bulk_create(JoinedDecision(merge=merge, certification=row) for row in certified)
    for code in sorted({row.application for row in (*flagged, *(row.grant for row in certified))}):
        notices.tell_desk_of_decisions(merge, code, now=now)


def _certified_between(
    survivor: Account, other: Account, *, but: Sequence[RoleRequest]
) -> list[Certification]:
    """The last certification by the other of each role that is still held, but of those looked at for their approval."""
    between = Q(grant__account=survivor, decided_by=other) | Q(grant__account=other, decided_by=survivor)
    rows = Certification.objects.filter(between, outcome=Outcome.CERTIFIED, grant__ended_at__isnull=True)
    rows = rows.exclude(grant__request__in=but).select_related("grant").order_by("due_on")
    return list({row.grant_id: row for row in rows}.values())


def _tell_applications(merge: Merge, *, merged_into: Account | None, at: str, now: datetime) -> None:
    """One call to each, in order: the undoing never overtakes the merge."""
    for application in catalogue().applications:
        if application.code in merge.applications and application.client is not None:
            call(
                SUBJECT_CHANGED,
                key=f"{SUBJECT_CHANGED}:{merge.pk}:{at}:{application.client.client_id}",
                now=now,
                payload={
                    "client_id": application.client.client_id,
                    "sub": str(merge.other_id),
                    "merged_into": str(merged_into.pk) if merged_into else "",
                    "event": f"{merge.pk}:{at}",
                    "at": now.timestamp(),
                },
                order=f"{SUBJECT_CHANGED}:{merge.other_id}:{application.client.client_id}",
            )
