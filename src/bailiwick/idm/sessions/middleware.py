"""Finds the person behind each request. A request without our cookie costs no query."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bailiwick.ground.pages.languages import read_in
from bailiwick.ground.program import clock
from bailiwick.idm.rules.sessions import Stage
from bailiwick.idm.sessions import actions, continuing, doors, queries
from bailiwick.idm.sessions.doors import SignedIn


class SignedInPerson:
    """Sets `request.signed_in` (SignedIn or None), `request.half_signed_in` (Session or None), `request.session_is_over`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        session = queries.session_of_cookie(cookie, now=now, limits=settings.LIMITS)
        if session:
            actions.touch(session=session, now=now)
            read_in(request, session.account.language)
        is_half = session is not None and session.stage == Stage.PASSWORD
        request.half_signed_in = session if is_half else None
        request.signed_in = SignedIn(session) if session and not is_half else None
        # Who comes with the key of a session that is over is told so at the sign-in (S-8).
        request.session_is_over = bool(cookie) and session is None
        going = continuing.read(request)
        device = doors.meet_device(request, now=now) if request.signed_in else ""
        response = _carry_on(request, self.get_response(request), going)
        if device:
            doors.set_device_cookie(response, device)
        return response


def _carry_on(
    request: HttpRequest, response: HttpResponse, going: continuing.Continuation | None
) -> HttpResponse:
    """Drop a continuation that was reached; meanwhile let forms lead back to the application that waits.

    Chromium applies `form-action` to the redirects that follow a form, the one to the application among them.
    """
    if going is None:
        return response
    if going.origin:
        update = dict(getattr(response, "_csp_update", None) or {})
        update["form-action"] = [*update.get("form-action", []), going.origin]
        response._csp_update = update
    arrived = request.signed_in is not None and request.get_full_path() == going.path
    if arrived and continuing.cookie_name() not in response.cookies:
        continuing.forget(response)
    return response
