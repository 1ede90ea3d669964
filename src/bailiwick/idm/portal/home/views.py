"""The home page (R-9): the tiles, what waits for this person, and the doors they may go through."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bailiwick.ground.outbox import inbox
from bailiwick.ground.pages.calendar import CONTENT_TYPE, Reminder, calendar_file
from bailiwick.ground.pages.downloads import download
from bailiwick.ground.program import clock
from bailiwick.idm.access import queries
from bailiwick.idm.access.queries.authority import Authority, authority_of, spans_of
from bailiwick.idm.access.queries.returning import nearest, ways_back
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.portal.lines import request_line
from bailiwick.idm.portal.queries import has_begun
from bailiwick.idm.portal.strength import sits_at_desk
from bailiwick.idm.rules.catalogue import Application
from bailiwick.idm.rules.factors import FactorKind
from bailiwick.idm.rules.grants import GrantState
from bailiwick.idm.rules.reactivation import WayBack
from bailiwick.idm.rules.requests import State
from bailiwick.idm.sessions.doors import signed_in
from bailiwick.idm.signin.queries import strongest_factor
from bailiwick.wire import reminders

MOST_SHOWN = 5
MOST_COUNTED = 1000


@dataclass(frozen=True)
class Door:
    """An application the person has a role in (I-3).

    `sign_in_by`: the last day on which a sign-in there keeps every role that is active; `counted_from`: the day of the
    activity it counts from. `way_back`: how the roles that rest come back (I-4); `window`: in how many days after a new password.
    """

    application: Application
    sign_in_by: date | None
    days_left: int
    counted_from: date | None
    way_back: WayBack | None
    window: int

    @property
    def is_open(self) -> bool:
        return self.sign_in_by is not None


@require_GET
@signed_in
def home(request: HttpRequest) -> HttpResponse:
    account, now = request.signed_in.account, clock.now()
    as_desk = request.signed_in.strength.may_work_at_desk
    authority = authority_of(account, now=now)
    awaiting = queries.awaiting(account, now=now, as_desk=as_desk, authority=authority)
    approves = any(authority.organizations_approved(each.code) for each in catalogue().applications)
    certifies = approves or sits_at_desk(authority)
    own = [request_line(each, now) for each in queries.requests_of(account)]
    doors = doors_of(account, now)
    context = {
        "awaiting": [request_line(each, now) for each in queries.first_of(awaiting, MOST_SHOWN)],
        "awaiting_count": awaiting.count(),
        "pending": [line for line in own if line.state is State.PENDING],
        "doors": doors,
        "is_without_role": not doors and not queries.grant_lines(account, now=now),
        "may_manage": may_manage_users(authority),
        "approves": approves,
        "certifies": certifies,
        "to_certify": certifications_due(account, authority, as_desk=as_desk, now=now) if certifies else 0,
        "has_begun": has_begun(account),
        "invitations": queries.invitations_waiting_for(account, now=now),
        "needs_factor": strongest_factor(account) is FactorKind.EMAIL,
        "unread": inbox.unread(str(account.pk)),
        "mail_failed": account.mail_failed_at is not None,
        "address": account.email,
        "called": account.preferred_name or request.signed_in.name,
        "width": "wide",
    }
    return render(request, "portal/home/home.html", context)


def may_manage_users(authority: Authority) -> bool:
    """H-1: approvers and backups, and the desks."""
    codes = [application.code for application in catalogue().applications]
    return any(authority.organizations_approved(code) or authority.desk_tier(code) >= 1 for code in codes)


@require_GET
@signed_in
def sign_in_by(request: HttpRequest, application: str) -> HttpResponse:
    """The day by which to sign in there, for one's own calendar (I-3). It names no more than the application."""
    account, now = request.signed_in.account, clock.now()
    door = next((one for one in doors_of(account, now) if one.application.code == application), None)
    if door is None or door.sign_in_by is None:
        raise Http404(_("You hold no active role in this application."))
    described, client = door.application, door.application.client
    reminder = Reminder(
        about=reminders.sign_in_by(settings.BASE_URL, client.client_id, str(account.pk)),
        day=door.sign_in_by,
        title=_("Sign in to %(name)s") % {"name": described.short_name},
        text=_("After this day your access is inactive. Signing in to IDM alone does not count."),
        url=described.home_url,
    )
    return download(
        calendar_file(reminder, now=now), name=f"{described.code}-sign-in-by.ics", content_type=CONTENT_TYPE
    )


def certifications_due(account: Account, authority: Authority, *, as_desk: bool, now: datetime) -> int:
    """How many roles this person has to certify; a desk's are not counted beyond what anybody reads."""
    due = queries.to_certify(account, now=now, as_desk=as_desk, authority=authority)
    return due.order_by()[:MOST_COUNTED].count()


def doors_of(account: Account, now: datetime) -> list[Door]:
    """Applications with a home of their own in which the person holds a role, in the catalogue's order."""
    lines = queries.grant_lines(account, now=now)
    back = ways_back(account, lines, now=now)
    doors = []
    for application in catalogue().applications:
        here = [line for line in lines if line.grant.application == application.code]
        if application.client is None or not here:
            continue
        active = [line for line in here if line.state is GrantState.ACTIVE]
        first = min(active, key=lambda line: line.sign_in_by, default=None)
        ways = [back[line.grant.pk] for line in here if line.grant.pk in back]
        doors.append(
            Door(
                application,
                sign_in_by=first.sign_in_by if first else None,
                days_left=first.days_left if first else 0,
                counted_from=first.counted_from if first else None,
                way_back=nearest(ways),
                window=spans_of(application).reactivation_window.days,
            )
        )
    return doors
