"""What somebody at a desk is to a person at an instant, and so what they may do (H-2, H-4, H-7). Reads only."""

from datetime import datetime

from django.conf import settings

from bailiwick.idm.access.models import Grant, RoleRequest
from bailiwick.idm.access.queries.authority import IDENTITY, Authority, authority_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import survivor_of
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.helpdesk.models import Act as Row
from bailiwick.idm.helpdesk.models import CallerCheck
from bailiwick.idm.rules.accounts import AccountState
from bailiwick.idm.rules.catalogue import Standing
from bailiwick.idm.rules.desk import Act, CheckState, Member, Presence, still_holds
from bailiwick.idm.rules.grants import TIER_OF_APPLICATION_DESK


def member_of(
    desk: Account, person: Account, *, presence: Presence, now: datetime, authority: Authority | None = None
) -> Member:
    """What `desk` is to `person`, whose row was read at that instant; a role that ended gives nothing (SR-16).

    `authority`: where the request has read it already. Every act reads both anew, under its locks.
    """
    authority = authority or authority_of(desk, now=now)
    return Member(
        tiers=_tiers(authority, person),
        presence=presence,
        # An account that was merged into the desk member's own is theirs too.
        is_the_person=desk.pk == survivor_of(person).pk,
        person_state=AccountState(person.state),
        has_checked_caller=checked_until(desk, person, now=now) is not None,
    )


def _tiers(authority: Authority, person: Account) -> frozenset[int]:
    identity = {
        role.tier for role, _ in authority.roles_in(IDENTITY) if role.standing is Standing.DESK and role.tier
    }
    desks = [one.code for one in catalogue().applications if authority.is_application_desk(one.code)]
    knows = bool(desks) and (
        Grant.objects.filter(account=person, application__in=desks).exists()
        or RoleRequest.objects.filter(account=person, application__in=desks).exists()
    )
    return frozenset(identity | ({TIER_OF_APPLICATION_DESK} if knows else set()))


def has_looked(desk: Account, person: Account, *, now: datetime) -> bool:
    """Whether they gave a reason for looking at this person a moment ago (H-3)."""
    rows = Row.objects.filter(desk=desk, person=person, until__gt=now)
    return rows.exclude(kind=Act.REVEAL).exists()


def passed_check(desk: Account, person: Account, *, now: datetime) -> CallerCheck | None:
    """The caller check that holds now, for this person and this desk member only (H-4)."""
    rows = CallerCheck.objects.filter(desk=desk, person=person, state=CheckState.PASSED)
    latest = rows.order_by("-passed_at").first()
    holds = latest and still_holds(latest.passed_at, now=now, limits=settings.LIMITS)
    return latest if holds else None


def checked_until(desk: Account, person: Account, *, now: datetime) -> datetime | None:
    check = passed_check(desk, person, now=now)
    return check.passed_at + settings.LIMITS.caller_check_holds if check else None


def waiting_check(desk: Account, person: Account, *, now: datetime) -> CallerCheck | None:
    """The code that this desk member waits to hear."""
    return CallerCheck.objects.filter(
        desk=desk, person=person, state=CheckState.LIVE, expires_at__gt=now
    ).first()


def wrong_codes(person: Account) -> list[datetime]:
    """When wrong codes about this person were typed, by whomever (H-4)."""
    rows = CallerCheck.objects.filter(person=person, wrong__gt=0).order_by("-wrong_at")
    return [at for at, wrong in rows.values_list("wrong_at", "wrong")[:20] for _ in range(wrong)]
