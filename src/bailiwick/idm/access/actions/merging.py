"""What a person holds and asked for goes over to the account that goes on, and back again (A-5, H-5).

Nothing is decided here: the registry decides, keeps what was moved, and hands it in again to undo it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.idm.access.actions._closing import close_request
from bailiwick.idm.access.actions._granting import end_grant, record_end
from bailiwick.idm.access.actions._locks import lock_grants_of
from bailiwick.idm.access.actions._stamping import BEGIN_ANEW, UNTOLD
from bailiwick.idm.access.models import OPEN, Grant, RoleRequest
from bailiwick.idm.access.queries.authority import spans_of, zone
from bailiwick.idm.access.queries.grants import facts_of, has_ended, role_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.certification import last_opened
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import BY_ITSELF, EndReason, GrantState, contains, over_from, state_of
from bailiwick.idm.rules.requests import Event
from bailiwick.idm.rules.sessions import EndReason as SessionEnd
from bailiwick.idm.sessions.actions import end_application_sessions


@dataclass(frozen=True)
class Move:
    """One thing that changed hands. `beside`: where a grant collapsed into another, that other, which goes on.

    `signed_in_before`: the last sign-in that the grant beside had of its own.
    """

    grant: Grant | None = None
    request: RoleRequest | None = None
    beside: Grant | None = None
    signed_in_before: datetime | None = None


def hand_over(*, source: Account, survivor: Account, by: By, now: datetime) -> list[Move]:
    """Everything live of `source` becomes `survivor`'s; of two roles of which one contains the other, one goes on (Q-2).

    The caller has locked both accounts.
    """
    with transaction.atomic():
        _lock_requests(source, survivor)
        lock_grants_of([source.pk, survivor.pk])
        moves = [_move_request(row, survivor, by=by, now=now) for row in _open_requests(source)]
        _record_ends(source, survivor, by=by, now=now)
        for grant in _live(source):
            moves += _move_grant(grant, survivor, by=by, now=now)
        return [move for move in moves if move is not None]


def hand_back(
    *, moves: list[Move], source: Account, survivor: Account, merged_at: datetime, by: By, now: datetime
) -> None:
    """Undo `hand_over` of `merged_at`. What was decided or ended meanwhile stays so, with the survivor (A-5)."""
    with transaction.atomic():
        _lock_requests(source, survivor)
        lock_grants_of([source.pk, survivor.pk])
        _record_ends(survivor, by=by, now=now)
        for move in moves:
            if move.request is not None:
                _return_request(move.request, source, by=by, now=now)
            elif move.grant is not None and move.beside is None:
                _return_grant(move.grant, source, survivor, merged_at, by=by, now=now)
        for move in moves:
            if move.grant is not None and move.beside is not None:
                _restore(move, by=by, now=now)


def _lock_requests(*accounts: Account) -> None:
    rows = RoleRequest.objects.select_for_update().filter(account__in=accounts, state=OPEN)
    list(rows.order_by("pk").values_list("pk"))


def _record_ends(*accounts: Account, by: By, now: datetime) -> None:
    """What is over by itself is written down first, and told as ever: nothing held goes into a role that is not (I-2, N-1)."""
    for account in accounts:
        for grant in _live(account):
            if has_ended(grant, now=now) and record_end(grant, by=by, now=now):
                Grant.objects.filter(pk=grant.pk).update(**UNTOLD)


def _open_requests(account: Account) -> list[RoleRequest]:
    rows = RoleRequest.objects.select_related("record").filter(account=account, state=OPEN)
    return list(rows.order_by("submitted_at", "pk"))


def _live(account: Account) -> list[Grant]:
    rows = Grant.objects.select_related("organization__record", "account").filter(
        account=account, ended_at__isnull=True
    )
    return list(rows.order_by("started_at", "pk"))


def _move_request(request: RoleRequest, survivor: Account, *, by: By, now: datetime) -> Move | None:
    """One open request per person, application, role and organization (Q-5): the second of two ends."""
    twin = RoleRequest.objects.filter(
        account=survivor,
        application=request.application,
        role=request.role,
        record=request.record_id,
        state=OPEN,
    )
    if twin.exists() or RoleRequest.objects.filter(account=survivor, once=request.once).exists():
        close_request(request, Event.CANCEL, by=by, now=now, reason=EndReason.MERGED.value)
        return None
    _hand(request, survivor, Deed.REQUEST_MOVED, by=by, now=now)
    return Move(request=request)


def _move_grant(grant: Grant, survivor: Account, *, by: By, now: datetime) -> list[Move]:
    place = [
        held
        for held in _live(survivor)
        if held.application == grant.application and held.organization_id == grant.organization_id
    ]
    for held in place:
        if _contains(held, grant) or (held.role == grant.role and not _outlasts(grant, held)):
            return [_collapse(grant, held, by=by, now=now)]
    smaller = [held for held in place if held.role == grant.role or _contains(grant, held)]
    collapsed = [_collapse(held, grant, by=by, now=now) for held in smaller]
    _hand(grant, survivor, Deed.GRANT_MOVED, by=by, now=now)
    return [*collapsed, Move(grant=grant)]


def _contains(larger: Grant, smaller: Grant) -> bool:
    _, one = role_of(larger.application, larger.role)
    _, other = role_of(smaller.application, smaller.role)
    return one is not None and other is not None and contains(one.standing, other.standing)


def _outlasts(one: Grant, other: Grant) -> bool:
    """Of the same role twice the one that would end later goes on, used when either was used last (I-1)."""
    ends = []
    used = [grant.last_sign_in_at for grant in (one, other) if grant.last_sign_in_at]
    for grant in (one, other):
        application, role = role_of(grant.application, grant.role)
        facts = replace(facts_of(grant, role), last_sign_in_at=max(used, default=None))
        ends.append(over_from(facts, spans_of(application), zone())[0])
    return ends[0] > ends[1]


def _collapse(grant: Grant, beside: Grant, *, by: By, now: datetime) -> Move:
    """End the one; the other keeps the later sign-in of both, which was one person's (I-1)."""
    end_grant(grant, EndReason.MERGED, by=by, now=now)
    before, own = beside.last_sign_in_at, grant.last_sign_in_at
    if own is not None and (before is None or own > before):
        Grant.objects.filter(pk=beside.pk).update(last_sign_in_at=own, **BEGIN_ANEW)
        beside.last_sign_in_at = own
    return Move(grant=grant, beside=beside, signed_in_before=before)


def _hand(row: Grant | RoleRequest, to: Account, deed: Deed, *, by: By, now: datetime) -> None:
    giver = row.account_id
    type(row).objects.filter(pk=row.pk).update(account=to)
    row.account = to
    append(
        deed,
        by=by,
        now=now,
        subject=to.pk,
        organization=row.submitter_id,
        application=row.application,
        about={type(row).__name__.lower(): str(row.pk), "from": str(giver)},
    )


def _return_request(request: RoleRequest, source: Account, *, by: By, now: datetime) -> None:
    fresh = RoleRequest.objects.select_related("record").get(pk=request.pk)
    if fresh.state == OPEN:
        _hand(fresh, source, Deed.REQUEST_MOVED, by=by, now=now)


def _return_grant(
    grant: Grant, source: Account, survivor: Account, merged_at: datetime, *, by: By, now: datetime
) -> None:
    fresh = Grant.objects.select_related("organization__record", "account").get(pk=grant.pk)
    if fresh.account_id != survivor.pk:
        return
    _hand(fresh, source, Deed.GRANT_MOVED, by=by, now=now)
    if fresh.ended_at is None and (changed := _rested_meanwhile(fresh, merged_at, now=now)):
        Grant.objects.filter(pk=fresh.pk).update(**changed)
    application, _ = role_of(fresh.application, fresh.role)
    if application is not None and application.client is not None:
        end_application_sessions(
            account=survivor, application=fresh.application, why=SessionEnd.GRANT_ENDED, by=by, now=now
        )


def _rested_meanwhile(grant: Grant, merged_at: datetime, *, now: datetime) -> dict[str, object]:
    """What changes of a role that came to rest, or to its end, while its holder could not use it: it counts as used now (I-1).

    {} where it did not, so that what comes back at once is as it was.
    """
    application, role = role_of(grant.application, grant.role)
    facts, spans = replace(facts_of(grant, role), ended_at=None), spans_of(application)
    then, today = (state_of(facts, now=at, spans=spans, zone=zone()) for at in (merged_at, now))
    is_asleep = today in {GrantState.INACTIVE, GrantState.ENDED} and then is not today
    return {"restored_at": now, **BEGIN_ANEW} if is_asleep else {}


def _restore(move: Move, *, by: By, now: datetime) -> None:
    """A collapsed grant lives again, unless somebody ended the one it collapsed into: that was about the person."""
    grant = Grant.objects.select_related("organization__record", "account").get(pk=move.grant.pk)
    beside = Grant.objects.get(pk=move.beside.pk)
    mine = Grant.objects.filter(pk=grant.pk, end_reason=EndReason.MERGED)
    same_place = Q(application=grant.application, role=grant.role, organization=grant.organization_id)
    twin = Grant.objects.filter(same_place, account=grant.account_id, ended_at__isnull=True)
    is_decided = beside.ended_at is not None and beside.end_reason not in {EndReason.MERGED, *BY_ITSELF}
    if is_decided or twin.exists():
        return
    # Nobody could certify it meanwhile: it is not lost unseen (C-3). A certification that is open ended with the role, so
    # the next one is of a day that opens tomorrow at the earliest.
    soonest = last_opened(day_of(now, zone()), settings.LIMITS.certification_opens) + timedelta(days=1)
    grant.certify_by = max(grant.certify_by, soonest)
    again = {"ended_at": None, "end_reason": "", "end_comment": "", "ended_by": None}
    again |= {"certify_by": grant.certify_by} | _rested_meanwhile(grant, grant.ended_at or now, now=now)
    if not mine.update(**again):
        return
    if grant.last_sign_in_at is not None:
        borrowed = Grant.objects.filter(pk=beside.pk, last_sign_in_at=grant.last_sign_in_at)
        borrowed.update(last_sign_in_at=move.signed_in_before)
    append(
        Deed.GRANT_RESTORED,
        by=by,
        now=now,
        subject=grant.account_id,
        organization=grant.submitter_id,
        application=grant.application,
        about={"grant": str(grant.pk)},
    )
