"""Whether a decision stands, by what was read under the locks (Q-4 to Q-6, SR-15). Writes nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from hmac import compare_digest

from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.access.actions._closing import checked_reason
from bailiwick.idm.access.models import RoleRequest
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.access.queries.weighing import Weighed
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.rules import grants
from bailiwick.idm.rules.catalogue import Role
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.requests import Event, Refusal, State, after, may_ask, may_decide


@dataclass(frozen=True)
class Decision:
    """What somebody makes of one request. `snapshot_digest` is `queries.review(request).digest` as they were shown it."""

    request: RoleRequest
    approve: bool
    snapshot_digest: str
    reason: str = ""
    ends_on: date | None = None

    @property
    def event(self) -> Event:
        return Event.APPROVE if self.approve else Event.DENY


@dataclass(frozen=True)
class Verdict:
    """A decision that stands, on a request that waits. `role` is None only of a denial."""

    request: RoleRequest
    role: Role | None
    event: Event
    reason: str
    ends_on: date | None
    is_alone: bool


def verdict_on(decision: Decision, weighed: Weighed, *, decider: Account, now: datetime) -> Verdict | None:
    """None where this person decided just so before. Raises Refused with a code of `rules.requests`."""
    request, event = weighed.request, decision.event
    ruling = may_decide(weighed.decider)
    if isinstance(ruling, No):
        ruling.raise_it()
    if request.decided_by_id == decider.pk and request.state == after(State.PENDING, event):
        return None
    _refuse_if_over(request, now=now)
    if not compare_digest(weighed.picture.digest.encode(), decision.snapshot_digest.encode()):
        raise Refused(Refusal.CHANGED_SINCE_SEEN)
    needed = None if decision.approve else Refusal.DENIAL_REASON_NEEDED
    reason = checked_reason(decision.reason, needed=needed)
    if decision.approve:
        _refuse_what_became_impossible(weighed, reason, ends_on=decision.ends_on, now=now)
    return Verdict(request, weighed.role, event, reason, decision.ends_on, weighed.is_alone)


def _refuse_if_over(request: RoleRequest, *, now: datetime) -> None:
    state = request.state_at(now)
    if state in {State.APPROVED, State.DENIED} and request.decided_by is not None:
        raise Refused(
            Refusal.ALREADY_DECIDED,
            who=full_name(request.decided_by),
            state=state.value,
            when=request.decided_at,
        )
    if state is State.EXPIRED:
        raise Refused(Refusal.REQUEST_EXPIRED)
    if state is not State.PENDING:
        raise Refused(Refusal.REQUEST_CLOSED)


def _refuse_what_became_impossible(
    weighed: Weighed, reason: str, *, ends_on: date | None, now: datetime
) -> None:
    """What was true when the request was made must be true when it is approved: proofing, account, kind, roles held."""
    if weighed.role is None or weighed.asking is None:
        raise Refused(Refusal.ROLE_UNKNOWN)
    duplicates = weighed.picture.duplicates
    if duplicates and not reason:
        raise Refused(Refusal.DUPLICATE_REASON_NEEDED, duplicates=", ".join(duplicates))
    ruling = may_ask(weighed.asking)
    if isinstance(ruling, No):
        raise Refused(ruling.because, role_name=weighed.role.name)
    if ends_on is not None and ends_on < day_of(now, zone()):
        raise Refused(grants.Refusal.END_DATE_PAST)
