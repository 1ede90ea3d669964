"""Closing requests inside the transaction of whoever does it. Not an action: nobody is asked here."""

from datetime import datetime
from uuid import UUID

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import Refused
from bailiwick.idm.access.models import OPEN, RoleRequest
from bailiwick.idm.access.notices import tell_cancelled, tell_expired
from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.access.queries.requests import requests
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules import grants
from bailiwick.idm.rules.catalogue import Role
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.requests import REASON_LONGEST, Event, Refusal, State, after

DEED_OF = {
    Event.APPROVE: Deed.REQUEST_APPROVED,
    Event.DENY: Deed.REQUEST_DENIED,
    Event.CANCEL: Deed.REQUEST_CANCELLED,
    Event.EXPIRE: Deed.REQUEST_EXPIRED,
}


def close_request(
    request: RoleRequest,
    event: Event,
    *,
    by: By,
    now: datetime,
    decider: Account | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> bool:
    """Move an open request along the table, once; False where somebody was faster (INV-2)."""
    return close_requests([request], event, by=by, now=now, decider=decider, reason=reason, at=at)


def close_requests(
    requests: list[RoleRequest],
    event: Event,
    *,
    by: By,
    now: datetime,
    decider: Account | None = None,
    reason: str = "",
    at: datetime | None = None,
) -> bool:
    """The same of several in one statement; False where not all of them were open, and then none is on the ledger."""
    state = after(State.PENDING, event)
    values = {"state": state.value, "decided_at": at or now, "decided_by": decider, "decision_reason": reason}
    rows = RoleRequest.objects.filter(pk__in=[one.pk for one in requests], state=OPEN)
    if rows.update(**values) != len(requests):
        return False
    for request in requests:
        for name, value in values.items():
            setattr(request, name, value)
        append(
            DEED_OF[event],
            by=by,
            now=now,
            subject=request.account_id,
            organization=request.submitter_id,
            application=request.application,
            why=reason,
            about={"request": request.number, "role": request.role},
        )
    return True


def cancel_what_is_given(
    role: Role, *, account_id: UUID, application: str, record_id: UUID | None, by: By, now: datetime
) -> None:
    """Open requests for what a role gives there would be refused for ever: they end with the act that gave it (Q-2)."""
    others = requests().filter(account=account_id, application=application, record=record_id, state=OPEN)
    for other in others:
        _, asked = role_of(other.application, other.role)
        if asked is not None and (asked.code == role.code or grants.contains(role.standing, asked.standing)):
            close_request(other, Event.CANCEL, by=by, now=now, reason="superseded")
            tell_cancelled(other, now=now)


def record_expiry(request: RoleRequest, *, by: By, now: datetime) -> bool:
    """Write down that the request ran out, at the instant when it did, and tell both sides (Q-6)."""
    if not close_request(request, Event.EXPIRE, at=request.expires_at, by=by, now=now):
        return False
    tell_expired(request, now=now)
    return True


def checked_reason(reason: str, *, needed: Refusal | grants.Refusal | None) -> str:
    """The reason without outer spaces. Raises Refused where one is needed and missing, or it is too long."""
    reason = reason.strip()
    if needed is not None and not reason:
        raise Refused(needed)
    if len(reason) > REASON_LONGEST:
        raise Refused(Refusal.REASON_TOO_LONG, longest=REASON_LONGEST)
    return reason
