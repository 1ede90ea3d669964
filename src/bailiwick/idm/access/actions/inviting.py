"""Inviting somebody to ask for a role: send, send again, take back, take up (R-7).

No account is opened and no check is skipped: what is taken up is the prefilling of a role request. Whether the mailbox
belongs to somebody with an account is asked nowhere here, so that nobody learns it.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from bailiwick.ground.ledger import By
from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.access.actions._locks import lock_accounts, lock_grants_of, lock_records
from bailiwick.idm.access.models import Invitation
from bailiwick.idm.access.notices import tell_invited, tell_inviter_of_expiry, tell_revoked
from bailiwick.idm.access.queries.authority import zone
from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.access.queries.invitations import facts_of, inviter_facts, rows, token_digest
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.organizations.models import Organization
from bailiwick.idm.rules.accounts import email_key
from bailiwick.idm.rules.catalogue import OrganizationKind
from bailiwick.idm.rules.days import after_full_days
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.invitations import (
    AUTHORITY,
    STEPS,
    Event,
    Refusal,
    State,
    may_invite,
    may_manage,
    may_resend,
    may_take,
)

DAY = timedelta(days=1)


def invite(
    *,
    inviter: Account,
    application: str,
    role: str,
    organization: Organization,
    email: str,
    once: UUID | str,
    strength: SignInStrength,
    by: By,
    now: datetime,
) -> Invitation:
    """Mail an invitation. The same `once` again returns the first.

    Refuses NOT_AN_INVITER, STRONGER_FACTOR_NEEDED, ROLE_NOT_INVITABLE, INVITED_ALREADY, TOO_MANY_INVITATIONS.
    """
    row = Invitation(
        inviter=inviter,
        once=UUID(str(once)),
        application=application,
        role=role,
        organization=organization,
        email=email,
        email_key=email_key(email),
    )
    try:
        with _refusals_recorded(row, by=by, now=now):
            _lock(row, inviter)
            before = rows().filter(inviter=inviter, once=row.once).first()
            if before is not None:
                return before
            _refuse_inviter(row, inviter, strength=strength, now=now)
            _refuse_too_many(organization, now=now)
            _record_expiries(rows().filter(organization=organization, email_key=row.email_key), now=now)
            _send(row, now=now)
            _note(Deed.INVITATION_SENT, row, by=by, now=now)
    except IntegrityError:
        raise Refused(Refusal.INVITED_ALREADY) from None
    return row


def resend_invitation(
    *, invitation: Invitation, inviter: Account, strength: SignInStrength, by: By, now: datetime
) -> Invitation:
    """Mail it again with a new link, good for fourteen days; the link before is void."""
    with _refusals_recorded(invitation, by=by, now=now):
        fresh = _locked(invitation, inviter)
        _refuse_inviter(fresh, inviter, strength=strength, now=now)
        ruling = may_resend(facts_of(fresh), now=now, limits=settings.LIMITS)
        if isinstance(ruling, No):
            ruling.raise_it()
        fresh.resends += 1
        _send(fresh, now=now)
        _note(Deed.INVITATION_RESENT, fresh, by=by, now=now, about={"resends": fresh.resends})
    return fresh


def revoke_invitation(
    *, invitation: Invitation, revoker: Account, strength: SignInStrength, by: By, now: datetime
) -> Invitation:
    """Take it back, by any able approver of the organization; again changes nothing."""
    with _refusals_recorded(invitation, by=by, now=now):
        fresh = _locked(invitation, revoker)
        facts = inviter_facts(
            revoker,
            application=fresh.application,
            organization=fresh.organization,
            strength=strength,
            now=now,
        )
        ruling = may_manage(facts)
        if isinstance(ruling, No):
            ruling.raise_it()
        if fresh.state == State.REVOKED:
            return fresh
        if not _step(fresh, Event.REVOKE, now=now):
            raise Refused(Refusal.OVER)
        _note(Deed.INVITATION_REVOKED, fresh, by=by, now=now)
        tell_revoked(fresh, now=now)
    return fresh


def take_invitation(*, invitation: Invitation, account: Account, by: By, now: datetime) -> Invitation:
    """The one who holds the link, or reads the mailbox, takes it up: once. The caller prefills the role request.

    Refuses NOT_USABLE to everybody after the first; the first again changes nothing.
    """
    with transaction.atomic():
        lock_accounts(account.pk)
        fresh = rows().select_for_update(of=("self",)).get(pk=invitation.pk)
        if fresh.taken_by_id == account.pk:
            return fresh
        ruling = may_take(facts_of(fresh), now=now)
        if isinstance(ruling, No):
            ruling.raise_it()
        if not _step(fresh, Event.TAKE, now=now, taken_by=account):
            raise Refused(Refusal.NOT_USABLE)
        _note(Deed.INVITATION_TAKEN, fresh, by=by, now=now, subject=account.pk)
    return fresh


def expire_invitations(*, by: By, now: datetime) -> int:
    """Record what has run out, tell who invited, and forget what ended long ago. Safe to run late or twice."""
    count = _record_expiries(rows(), by=by, now=now)
    Invitation.objects.filter(ended_at__lte=now - settings.LIMITS.invitation_kept).delete()
    return count


def _lock(row: Invitation, account: Account) -> None:
    """The inviter's right, and the organization's count of the day, hold still meanwhile."""
    lock_accounts(account.pk)
    lock_records(row.organization.record_id)
    lock_grants_of([account.pk])


def _locked(invitation: Invitation, account: Account) -> Invitation:
    _lock(invitation, account)
    return rows().select_for_update(of=("self",)).get(pk=invitation.pk)


def _refuse_inviter(row: Invitation, account: Account, *, strength: SignInStrength, now: datetime) -> None:
    facts = inviter_facts(
        account, application=row.application, organization=row.organization, strength=strength, now=now
    )
    _, role = role_of(row.application, row.role)
    if role is None:
        raise Refused(Refusal.ROLE_NOT_INVITABLE, role_name=row.role)
    ruling = may_invite(facts, role, OrganizationKind(row.organization.kind))
    if isinstance(ruling, No):
        ruling.raise_it()


def _refuse_too_many(organization: Organization, *, now: datetime) -> None:
    most = settings.LIMITS.invitations_a_day
    if Invitation.objects.filter(organization=organization, sent_at__gt=now - DAY).count() >= most:
        raise Refused(Refusal.TOO_MANY_INVITATIONS, most=most)


def _send(row: Invitation, *, now: datetime) -> None:
    """A new token, whose digest alone is kept, and the mail that carries it."""
    token = secrets.token_urlsafe(32)
    row.token_digest = token_digest(token)
    row.sent_at = now
    row.expires_at = after_full_days(now, settings.LIMITS.invitation_life, zone())
    row.save()
    tell_invited(row, token=token, now=now)


def _step(row: Invitation, event: Event, *, now: datetime, taken_by: Account | None = None) -> bool:
    """One guarded step from open. False where it is open no more, recorded or not (I-2)."""
    live = Invitation.objects.filter(pk=row.pk, state=State.OPEN)
    live = live.filter(expires_at__lte=now) if event is Event.EXPIRE else live.filter(expires_at__gt=now)
    state = STEPS[State.OPEN][event]
    values = {"state": state, "ended_at": now, "taken_by": taken_by}
    if not live.update(**values):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    return True


def _record_expiries(found: QuerySet[Invitation], *, now: datetime, by: By | None = None) -> int:
    by = by or By("system:access.expire-invitations")
    count = 0
    for row in found.filter(state=State.OPEN, expires_at__lte=now):
        with transaction.atomic():
            if _step(row, Event.EXPIRE, now=now):
                count += 1
                _note(Deed.INVITATION_EXPIRED, row, by=by, now=now)
                tell_inviter_of_expiry(row, now=now)
    return count


def _note(
    deed: Deed,
    row: Invitation,
    *,
    by: By,
    now: datetime,
    subject: object = "",
    about: dict[str, int] | None = None,
) -> None:
    append(
        deed,
        by=by,
        now=now,
        subject=subject,
        organization=row.submitter_id,
        application=row.application,
        about={"invitation": str(row.pk), "role": row.role, **(about or {})},
    )


@contextmanager
def _refusals_recorded(about: Invitation, *, by: By, now: datetime) -> Iterator[None]:
    """One transaction for what is inside; a refusal for want of authority goes on the ledger after it (L-2)."""
    try:
        with transaction.atomic():
            yield
    except Refused as refusal:
        if refusal.code in AUTHORITY:
            note_refused_invitation(about=about, because=refusal.code, by=by, now=now)
        raise


def note_refused_invitation(*, about: Invitation, because: str, by: By, now: datetime) -> None:
    """Somebody reached for an invitation, or an organization, that is not theirs (L-2)."""
    append(
        Deed.AUTHORITY_REFUSED,
        by=by,
        now=now,
        organization=about.submitter_id,
        application=about.application,
        why=because,
        outcome="refused",
        about={"invitation": str(about.pk)},
    )
