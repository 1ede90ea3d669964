"""Tier 3 stops accounts and opens them again: suspended by one person, archived by two (A-6, H-2, H-5).

What ends with an account that is stopped (sessions, the applications', tokens) ends in the same transaction (S-7, O-5).
"""

from datetime import datetime
from uuid import UUID

from bailiwick.ground.ledger.actions import append
from bailiwick.ground.rulings import By, No, Refused
from bailiwick.idm.access.actions import tell_of_unable_approver
from bailiwick.idm.accounts import actions as accounts
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name, survivor_of
from bailiwick.idm.helpdesk.actions._acting import Deskwork, acting, checked_reason, tell_security_desk
from bailiwick.idm.helpdesk.models import Closing
from bailiwick.idm.helpdesk.queries.closings import closings, is_of_security_desk
from bailiwick.idm.rules.closing import STEPS, Event, Kind, Proposal, Refusal, State, may_settle
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.desk import Act
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions import actions as sessions

ACT_OF = {Kind.ARCHIVE: Act.ARCHIVE, Kind.UNARCHIVE: Act.UNARCHIVE}


def suspend(*, work: Deskwork, reason: str, by: By, now: datetime) -> None:
    """Nobody signs in to the account until tier 3 lifts it; whoever is signed in is signed out everywhere."""
    reason = checked_reason(Act.SUSPEND, reason)
    with acting(Act.SUSPEND, work, by=by, now=now) as row:
        if row is None:
            return
        row.save(force_insert=True)
        suspend_account(work.person, why=reason, by=by, now=now)


def suspend_account(account: Account, *, why: str, by: By, now: datetime) -> None:
    """Inside the transaction of whoever was allowed to."""
    accounts.suspend(account=account, why=why, by=by, now=now)
    sessions.end_all(account=account, why=EndReason.SUSPENDED, by=by, now=now)
    tell_of_unable_approver(account=account, by=by, now=now)


def unsuspend(*, work: Deskwork, reason: str, by: By, now: datetime) -> None:
    """Lift a suspension; what the holder froze, or what locked the password path, stays."""
    reason = checked_reason(Act.UNSUSPEND, reason)
    with acting(Act.UNSUSPEND, work, by=by, now=now) as row:
        if row is None:
            return
        row.save(force_insert=True)
        accounts.unsuspend(account=work.person, why=reason, by=by, now=now)


def propose_closing(*, work: Deskwork, kind: Kind, reason: str, by: By, now: datetime) -> None:
    """The first of two: nothing changes until a second agrees (H-5). Refuses CLOSING_WAITS."""
    act = ACT_OF[kind]
    reason = checked_reason(act, reason)
    with acting(act, work, by=by, now=now) as row:
        if row is None:
            return
        row.save(force_insert=True)
        if closings().filter(account=work.person, state=State.PROPOSED).exists():
            raise Refused(Refusal.CLOSING_WAITS)
        start_closing(work.person, kind, proposed_by=work.desk, reason=reason, by=by, now=now)


def start_closing(
    account: Account, kind: Kind, *, proposed_by: Account, reason: str, by: By, now: datetime
) -> None:
    """Inside the transaction of whoever was allowed to, where none waits."""
    closing = Closing.objects.create(
        account=account, kind=kind, proposed_by=proposed_by, proposed_at=now, reason=reason
    )
    _record(closing, Deed.CLOSING_PROPOSED, why=reason, by=by, now=now)
    told = {"is_archive": kind is Kind.ARCHIVE}
    tell_security_desk(
        "closing_waiting", key=f"closing:{closing.pk}", but=[proposed_by, account], now=now, **told
    )


def settle_closing(
    *, work: Deskwork, closing_id: UUID, agree: bool, reason: str, by: By, now: datetime
) -> Closing:
    """The second of two agrees, and it is done at once; or it is sent back, by the first too (H-5).

    Refuses SAME_PERSON, PROPOSER_GONE, CLOSING_SETTLED(who), and what the account's own table refuses.
    """
    reason = checked_reason(Act.SETTLE_CLOSING, reason)
    event = Event.AGREE if agree else Event.REJECT
    with acting(Act.SETTLE_CLOSING, work, by=by, now=now) as row:
        closing = closings().get(pk=closing_id, account=work.person)
        if row is None:
            return closing
        row.save(force_insert=True)
        ruling = may_settle(_proposal(closing, work.desk, now), event)
        if isinstance(ruling, No):
            raise Refused(ruling.because, who=full_name(closing.settled_by) if closing.settled_by else "")
        _settle(closing, event, work.desk, reason, now)
        deed = Deed.CLOSING_AGREED if agree else Deed.CLOSING_REJECTED
        _record(closing, deed, why=reason, by=by, now=now)
        if agree:
            _perform(closing, work.person, by=by, now=now)
        return closing


def _proposal(closing: Closing, desk: Account, now: datetime) -> Proposal:
    return Proposal(
        state=State(closing.state),
        is_proposer=survivor_of(closing.proposed_by).pk == desk.pk,
        stands=is_of_security_desk(closing.proposed_by, now=now),
    )


def _settle(closing: Closing, event: Event, desk: Account, reason: str, now: datetime) -> None:
    """Under the lock on the account nobody else settles it."""
    closing.state = STEPS[State(closing.state)][event]
    closing.settled_by, closing.settled_at, closing.settled_reason = desk, now, reason
    closing.save(update_fields=["state", "settled_by", "settled_at", "settled_reason"])


def _perform(closing: Closing, account: Account, *, by: By, now: datetime) -> None:
    if closing.kind == Kind.UNARCHIVE:
        accounts.unarchive(account=account, why=closing.reason, by=by, now=now)
        return
    accounts.archive(account=account, why=closing.reason, by=by, now=now)
    sessions.end_all(account=account, why=EndReason.ARCHIVED, by=by, now=now)
    tell_of_unable_approver(account=account, by=by, now=now)


def _record(closing: Closing, deed: Deed, *, why: str, by: By, now: datetime) -> None:
    about = {"closing": str(closing.pk), "kind": closing.kind}
    append(deed, by=by, now=now, subject=closing.account_id, why=why, about=about)
