"""The home page (R-9): the tiles, what waits for this person, and the doors they may go through."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from bailiwick.ground.outbox import inbox
from bailiwick.ground.program import clock
from bailiwick.idm.access import queries
from bailiwick.idm.access.queries.authority import Authority, authority_of
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.portal.lines import request_line
from bailiwick.idm.portal.queries import has_begun
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.factors import FactorKind
from bailiwick.idm.rules.grants import GrantState
from bailiwick.idm.rules.requests import State
from bailiwick.idm.sessions.doors import signed_in
from bailiwick.idm.signin.queries import strongest_factor

MOST_SHOWN = 5


@dataclass(frozen=True)
class Door:
    """An application the person has a role in, and the last day on which a sign-in keeps the access active (I-3)."""

    application: Application
    is_open: bool
    sign_in_by: date | None
    days_left: int


@require_GET
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    account, now = request.signed_in.account, clock.now()
    as_desk = request.signed_in.strength.may_work_at_desk
    authority = authority_of(account, now=now)
    awaiting = queries.awaiting(account, now=now, as_desk=as_desk)
    own = [request_line(each, now) for each in queries.requests_of(account)]
    context = {
        "awaiting": [request_line(each, now) for each in awaiting[:MOST_SHOWN]],
        "awaiting_count": awaiting.count(),
        "pending": [line for line in own if line.state is State.PENDING],
        "doors": doors_of(account, now),
        "may_manage": may_manage_users(authority),
        "approves": any(authority.organizations_approved(each.code) for each in catalogue().applications),
        "has_begun": has_begun(account),
        "invitations": queries.invitations_waiting_for(account, now=now),
        "needs_factor": strongest_factor(account) is FactorKind.EMAIL,
        "unread": inbox.unread(str(account.pk)),
        "called": account.preferred_name or request.signed_in.name,
        "width": "wide",
    }
    return render(request, "portal/home/home.html", context)


def may_manage_users(authority: Authority) -> bool:
    """H-1: approvers and backups, and the desks."""
    codes = [application.code for application in catalogue().applications]
    return any(authority.organizations_approved(code) or authority.desk_tier(code) >= 1 for code in codes)


def doors_of(account: Account, now: datetime) -> list[Door]:
    """Applications with a home of their own in which the person holds a role, in the catalogue's order."""
    lines = queries.grant_lines(account, now=now)
    doors = []
    for application in catalogue().applications:
        here = [line for line in lines if line.grant.application == application.code]
        if application.client is None or not here:
            continue
        active = [line for line in here if line.state is GrantState.ACTIVE]
        last = max(active, key=lambda line: line.sign_in_by, default=None)
        sign_in_by, days_left = (last.sign_in_by, last.days_left) if last else (None, 0)
        doors.append(Door(application, is_open=bool(active), sign_in_by=sign_in_by, days_left=days_left))
    return doors
