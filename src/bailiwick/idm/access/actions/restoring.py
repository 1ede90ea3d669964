"""Restoring a role that nobody certified in time: its certifier does it with one act, for a while, without a request (C-5)."""

from datetime import datetime

from django.conf import settings
from django.db.models import Q

from bailiwick.ground.ledger import By
from bailiwick.ground.rulings import No, Refused
from bailiwick.idm.access.actions._closing import cancel_what_is_given, checked_reason
from bailiwick.idm.access.actions._granting import end_what_it_replaces
from bailiwick.idm.access.actions._refusals import refusals_recorded
from bailiwick.idm.access.actions._settling import note_certified, settle_certified
from bailiwick.idm.access.actions._stamping import GIVEN_BACK
from bailiwick.idm.access.actions.certifying import Review, lock_lines, move_due_date, refuse_strangers
from bailiwick.idm.access.actions.succeeding import announce_departure
from bailiwick.idm.access.certification_notices import tell_restored
from bailiwick.idm.access.models import Grant
from bailiwick.idm.access.queries.authority import is_live, zone
from bailiwick.idm.access.queries.certifying import CertificationLine
from bailiwick.idm.access.queries.grants import role_of
from bailiwick.idm.access.queries.succession import Departing, departure_of, would_have_gone
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.rules.certification import Missing, Refusal, may_restore
from bailiwick.idm.rules.days import day_of
from bailiwick.idm.rules.deeds import Deed
from bailiwick.idm.rules.grants import SignInStrength, contains


def restore_missed(
    *, review: Review, certifier: Account, strength: SignInStrength, by: By, now: datetime
) -> Grant:
    """The role holds again, certified late on what was seen of it, and counts as used from now (C-5, "Activity").

    What it contains and was given or asked for meanwhile goes into it (Q-2); whoever the record no longer names has it
    until the day that the record gave (G-8). Raises Refused with a code of `rules.certification`; nothing of a reset or a
    sign-in restores it (AR11).
    """
    with refusals_recorded(review.grant, by=by, now=now):
        # Of a role that has ended nobody holds the lock; two who restore it wait for each other at its holder's account.
        line = lock_lines([review.grant], certifier, strength=strength, now=now)[review.grant.pk]
        refuse_strangers(line)
        today = day_of(now, zone())
        departing = departure_of(line.grant)
        missing = _missing(line, departing, now=now)
        ruling = may_restore(missing, today=today, late=settings.LIMITS.late_restore)
        if isinstance(ruling, No):
            ruling.raise_it()
        if line.digest != review.digest:
            raise Refused(Refusal.CHANGED_SINCE_SEEN)
        said, missed = checked_reason(review.comment, needed=None), line.due_on
        _end_what_it_contains(line, by=by, now=now)
        settle_certified([line.grant], decided_by=certifier, comment=said, now=now, is_late=True)
        again = {"ended_at": None, "ended_by": None, "end_reason": "", "end_comment": "", "restored_at": now}
        again |= GIVEN_BACK
        move_due_date(line, now=now, **again)
        for name, value in again.items():
            setattr(line.grant, name, value)
        about = {"due_on": missed.isoformat(), "certify_by": line.due_on.isoformat()}
        note_certified(Deed.GRANT_CERTIFIED_LATE, line.grant, by=by, now=now, why=said, **about)
        tell_restored(line.grant, now=now)
        if departing is not None:
            announce_departure(departing, by=by, now=now)
        return line.grant


def _missing(line: CertificationLine, departing: Departing | None, *, now: datetime) -> Missing:
    return Missing(
        is_missed=line.is_missed,
        due_on=line.due_on,
        ends_on=line.grant.ends_on,
        is_replaced=_is_replaced(line, now=now),
        is_holder_active=line.evidence.is_account_active,
        is_organization_closed=line.evidence.is_organization_closed,
        is_succeeded=departing is not None and would_have_gone(departing, now=now),
    )


def _end_what_it_contains(line: CertificationLine, *, by: By, now: datetime) -> None:
    """Lesser roles there, and requests that wait for what the role gives."""
    grant, role = line.grant, line.line.role
    if role is not None:
        end_what_it_replaces(grant.account, grant.application, role, grant.organization, by=by, now=now)
        cancel_what_is_given(
            role,
            account_id=grant.account_id,
            application=grant.application,
            record_id=grant.organization.record_id if grant.organization else None,
            by=by,
            now=now,
        )


def _is_replaced(line: CertificationLine, *, now: datetime) -> bool:
    """Whether the holder has the role again already, or one that contains it (Q-2)."""
    grant, role = line.grant, line.line.role
    here = Q(account=grant.account_id, application=grant.application, organization=grant.organization_id)
    held = Grant.objects.filter(here, is_live(now)).exclude(pk=grant.pk)
    for code in held.values_list("role", flat=True):
        _, other = role_of(grant.application, code)
        if code == grant.role or (other and role and contains(other.standing, role.standing)):
            return True
    return False
