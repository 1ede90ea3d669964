"""Sessions (S-7): where the holder is signed in; any of them can be ended, also all but this one.

Ending needs no step-up: it takes access away and gives none.
"""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from bailiwick.ground.program import by, clock
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.portal.profile.menu import page
from bailiwick.idm.portal.profile.views import saved
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions import actions, doors, queries
from bailiwick.idm.sessions.doors import signed_in
from bailiwick.idm.sessions.models import Session


@dataclass(frozen=True)
class Line:
    """One session as the page lists it. `applications`: the names of those entered by it."""

    session: Session
    is_here: bool
    device: str
    applications: list[str]


@require_safe
@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    """`/profile/sessions/`."""
    here = request.signed_in.session
    lines = [_line(each, here) for each in _own(request)]
    lines.sort(key=lambda line: not line.is_here)
    context = page(request, lines=lines, has_others=len(lines) > 1, is_saved="saved" in request.GET)
    return render(request, "profile/sessions.html", context)


@require_POST
@signed_in
def end(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """`/profile/sessions/<id>/end/`: one of the holder's own; anybody else's is not there."""
    session = next((each for each in _own(request) if each.pk == identifier), None)
    if session is None:
        raise Http404
    actions.end(session=session, why=EndReason.ENDED_BY_HOLDER, by=by(request), now=clock.now())
    if session.pk != request.signed_in.session.pk:
        return saved("profile_sessions")
    response = redirect("sign_in")
    response["Location"] += "?signed-out"
    doors.clear_cookie(response)
    return response


@require_POST
@signed_in
def end_others(request: HttpRequest) -> HttpResponse:
    """`/profile/sessions/end-others/`: all but this one."""
    person = request.signed_in
    why, now = EndReason.ENDED_BY_HOLDER, clock.now()
    actions.end_all(account=person.account, why=why, by=by(request), now=now, but=person.session)
    return saved("profile_sessions")


def _own(request: HttpRequest) -> list[Session]:
    account = request.signed_in.account
    return queries.signed_in_sessions(account, now=clock.now(), limits=settings.LIMITS)


def _line(session: Session, here: Session) -> Line:
    names = {each.code: each.short_name for each in catalogue().applications}
    entered = [each for each in session.application_sessions.all() if each.ended_at is None]
    return Line(
        session=session,
        is_here=session.pk == here.pk,
        device=session.device.words if session.device else "",
        applications=[names.get(each.application, each.application) for each in entered],
    )
