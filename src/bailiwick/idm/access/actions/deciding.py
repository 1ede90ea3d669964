"""Deciding a role request (Q-4 to Q-6): once, by somebody entitled at that instant, on what they saw."""

from datetime import date, datetime
from hmac import compare_digest

from bailiwick.ground.ledger import By
from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.access.actions._closing import checked_reason, close_request
from bailiwick.idm.access.actions._granting import start_grant
from bailiwick.idm.access.actions._locks import lock_accounts, lock_grants_of, lock_record, lock_requests
from bailiwick.idm.access.actions._refusals import refusals_recorded
from bailiwick.idm.access.models import OPEN, RoleRequest
from bailiwick.idm.access.notices import tell_approved, tell_cancelled, tell_denied
from bailiwick.idm.access.queries.asking import asking_facts
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.access.queries.requests import decider_facts, requests
from bailiwick.idm.access.queries.review import review
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.organizations.actions import claim
from bailiwick.idm.rules import grants
from bailiwick.idm.rules.catalogue import Role
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.grants import SignInStrength, contains
from bailiwick.idm.rules.requests import Event, Refusal, State, Way, may_ask, may_decide


def decide(
    *,
    request: RoleRequest,
    decider: Account,
    approve: bool,
    reason: str,
    snapshot_digest: str,
    strength: SignInStrength,
    by: By,
    now: datetime,
    ends_on: date | None = None,
) -> RoleRequest:
    """Approve or deny. `snapshot_digest` is `queries.review(request).digest` as the decider's page showed it.

    The right to decide, the state and the facts are read under locks in this transaction (SR-16). The same decision by
    the same person again changes nothing. Raises Refused with a code of `rules.requests`: ALREADY_DECIDED(who, state,
    when) to whoever came second, CHANGED_SINCE_SEEN, NOT_A_DECIDER, OWN_REQUEST, ….
    """
    with refusals_recorded(request, by=by, now=now):
        lock_accounts(decider.pk, request.account_id)
        lock_requests(request)
        lock_record(request.record_id)
        lock_grants_of([decider.pk, request.account_id])
        fresh = requests().get(pk=request.pk)
        ruling = may_decide(decider_facts(decider, fresh, strength=strength, now=now))
        if isinstance(ruling, No):
            ruling.raise_it()
        event = Event.APPROVE if approve else Event.DENY
        if _is_repeat(fresh, event, decider):
            return fresh
        _refuse_if_over(fresh, now=now)
        picture = review(fresh)
        if not compare_digest(picture.digest.encode(), snapshot_digest.encode()):
            raise Refused(Refusal.CHANGED_SINCE_SEEN)
        reason = checked_reason(reason, needed=None if approve else Refusal.DENIAL_REASON_NEEDED)
        if approve and picture.duplicates and not reason:
            raise Refused(Refusal.DUPLICATE_REASON_NEEDED, duplicates=", ".join(picture.duplicates))
        if approve:
            _approve(fresh, decider, reason, ends_on=ends_on, by=by, now=now)
        else:
            close_request(fresh, Event.DENY, decider=decider, reason=reason, by=by, now=now)
            tell_denied(fresh, now=now)
        return fresh


def _is_repeat(request: RoleRequest, event: Event, decider: Account) -> bool:
    decided = {Event.APPROVE: State.APPROVED, Event.DENY: State.DENIED}[event]
    return request.decided_by_id == decider.pk and request.state == decided


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


def _approve(
    request: RoleRequest, decider: Account, reason: str, *, ends_on: date | None, by: By, now: datetime
) -> None:
    _, role = role_of(request.application, request.role)
    if role is None:
        raise Refused(Refusal.ROLE_UNKNOWN)
    _refuse_what_became_impossible(request, role, ends_on=ends_on, now=now)
    close_request(request, Event.APPROVE, decider=decider, reason=reason, by=by, now=now)
    if request.record is not None:
        # Whoever is second to create finds the organization there, and joins it (G-3).
        request.organization = claim(record=request.record, by=by, now=now)
        request.save(update_fields=["organization"])
    _, replaced = start_grant(
        account=request.account,
        application=request.application,
        role=role,
        organization=request.organization,
        request=request,
        ends_on=ends_on,
        by=by,
        now=now,
    )
    _cancel_what_is_contained(request, role, by=by, now=now)
    tell_approved(request, replaced=replaced, now=now)


def _refuse_what_became_impossible(
    request: RoleRequest, role: Role, *, ends_on: date | None, now: datetime
) -> None:
    """What was true when the request was made must be true when it is approved: proofing, account, kind, roles held."""
    facts = asking_facts(
        request.account,
        application=request.application,
        role=role,
        way=Way(request.way),
        record=request.record,
        now=now,
    )
    ruling = may_ask(facts)
    if isinstance(ruling, No):
        raise Refused(ruling.because, role_name=role.name)
    if ends_on is not None and ends_on < day_of(now, zone()):
        raise Refused(grants.Refusal.END_DATE_PAST)


def _cancel_what_is_contained(request: RoleRequest, role: Role, *, by: By, now: datetime) -> None:
    """Open requests for what the new role already gives would be refused for ever: they end with this act (Q-2)."""
    others = requests().filter(
        account=request.account_id, application=request.application, record=request.record_id, state=OPEN
    )
    for other in others:
        _, asked = role_of(other.application, other.role)
        if asked is not None and contains(role.standing, asked.standing):
            close_request(other, Event.CANCEL, by=by, now=now, reason="superseded")
            tell_cancelled(other, now=now)
