"""Asking for a role, and withdrawing it (Q-1, Q-5, Q-6, G-2 to G-4)."""

import secrets
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.access.actions._closing import checked_reason, close_request, record_expiry
from bailiwick.idm.access.actions._locks import lock_accounts, lock_requests
from bailiwick.idm.access.actions._refusals import refusals_recorded
from bailiwick.idm.access.models import OPEN, RoleRequest
from bailiwick.idm.access.notices import tell_cancelled, tell_submitted
from bailiwick.idm.access.queries.asking import asking_facts
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.access.queries.looking import look_at
from bailiwick.idm.access.queries.requests import open_request, requests
from bailiwick.idm.access.queries.review import snapshot_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.organizations.models import EnrollmentRecord, Organization
from bailiwick.idm.rules import organizations
from bailiwick.idm.rules.catalogue import Role
from bailiwick.idm.rules.days import after_full_days
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.requests import Event, Refusal, State, Way, digest_of, may_ask

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What cannot be misread or misheard over the phone: no 0, 1, I, L, O, U."""


def submit_request(
    *,
    account: Account,
    application: str,
    role: str,
    way: Way | str,
    organization: Organization | None = None,
    record: EnrollmentRecord | None = None,
    reason: str,
    once: UUID | str,
    by: By,
    now: datetime,
) -> RoleRequest:
    """Ask for a role: at a claimed `organization`, or with `way` create against an unclaimed `record`.

    The same `once` again returns the first request. Raises Refused with a code of `rules.requests`, or
    ORGANIZATION_EXISTS(submitter_id, legal_name) where a create has to become an associate (G-3).
    """
    described = role_of(application, role)[1]
    if described is None or way not in list(Way):
        raise Refused(Refusal.ROLE_UNKNOWN)
    row = RoleRequest(
        once=UUID(str(once)),
        account=account,
        application=application,
        role=role,
        way=Way(way),
        record=organization.record if organization else record,
        reason=checked_reason(reason, needed=Refusal.REASON_NEEDED),
        submitted_at=now,
        expires_at=_expires_at(application, now),
    )
    try:
        with transaction.atomic():
            return _submit(row, described, by=by, now=now)
    except IntegrityError:  # the same form, or the same wish, arrived twice at once
        found = _sent_before(row) or open_request(
            account, application=application, role=role, record_id=row.record_id, now=now
        )
        if found is None:
            raise
        if found.once == row.once:
            return found
        raise Refused(Refusal.REQUEST_OPEN, number=found.number) from None


def _submit(row: RoleRequest, role: Role, *, by: By, now: datetime) -> RoleRequest:
    lock_accounts(row.account_id)
    before = _sent_before(row)
    if before is not None:
        return before
    _record_own_expiries(row, now=now)
    if row.record is not None:
        row.record.refresh_from_db()
        row.organization = Organization.objects.filter(record=row.record).first()
    _refuse_what_cannot_be(row, role, now=now)
    row.number = _new_number()
    row.snapshot = snapshot_of(row)
    row.snapshot_digest = digest_of(row.snapshot)
    row.save(force_insert=True)
    append(
        Deed.REQUEST_SUBMITTED,
        by=by,
        now=now,
        subject=row.account_id,
        organization=row.submitter_id,
        application=row.application,
        why=row.reason,
        about={"request": row.number, "role": row.role, "way": str(row.way)},
    )
    tell_submitted(row, now=now)
    return row


def _refuse_what_cannot_be(row: RoleRequest, role: Role, *, now: datetime) -> None:
    ruling = may_ask(
        asking_facts(
            row.account, application=row.application, role=role, way=Way(row.way), record=row.record, now=now
        )
    )
    if isinstance(ruling, No):
        raise Refused(ruling.because, role_name=role.name)
    if row.way == Way.CREATE and row.organization is not None:
        raise Refused(
            organizations.Refusal.ORGANIZATION_EXISTS,
            submitter_id=row.submitter_id,
            legal_name=row.legal_name,
        )
    waiting = open_request(
        row.account, application=row.application, role=row.role, record_id=row.record_id, now=now
    )
    if waiting is not None:
        raise Refused(Refusal.REQUEST_OPEN, number=waiting.number)


def _sent_before(row: RoleRequest) -> RoleRequest | None:
    return requests().filter(account=row.account_id, once=row.once).first()


def _record_own_expiries(row: RoleRequest, *, now: datetime) -> None:
    """What is over by its date must not block a new request because a job has not run (I-2)."""
    over = requests().filter(account=row.account_id, state=OPEN, expires_at__lte=now)
    for request in over:
        record_expiry(request, by=By("system:expire-requests"), now=now)


def _expires_at(application: str, now: datetime) -> datetime:
    span = min(
        settings.LIMITS.request_expires, catalogue().application(application).limits.request_expires_after
    )
    return after_full_days(now, span, zone())


def _new_number() -> str:
    while True:
        letters = "".join(secrets.choice(LETTERS) for _ in range(8))
        number = f"R-{letters[:4]}-{letters[4:]}"
        if not RoleRequest.objects.filter(number=number).exists():
            return number


def cancel_request(
    *,
    request: RoleRequest,
    canceller: Account,
    strength: SignInStrength,
    by: By,
    now: datetime,
    reason: str = "",
) -> RoleRequest:
    """Withdraw an open request: its owner, or IDM's desk with a reason (Q-6, H-2). Cancelling again changes nothing."""
    with refusals_recorded(request, by=by, now=now):
        lock_accounts(canceller.pk)
        lock_requests(request)
        fresh = requests().get(pk=request.pk)
        ruling = look_at(fresh, canceller, strength=strength, now=now).may_cancel
        if isinstance(ruling, No):
            ruling.raise_it()
        state = fresh.state_at(now)
        if state is State.CANCELLED:
            return fresh
        if state is not State.PENDING:
            raise Refused(Refusal.REQUEST_CLOSED)
        is_owner = ruling.ground == "owner"
        reason = checked_reason(reason, needed=None if is_owner else Refusal.REASON_NEEDED)
        close_request(fresh, Event.CANCEL, by=by, now=now, reason=reason)
        tell_cancelled(fresh, now=now)
        return fresh
