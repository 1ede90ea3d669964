"""Who is behind a request, and how far their session reaches at this instant; writes wait while IDM does not answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.i18n import set_language

from bailiwick.ground.ledger import By
from bailiwick.ground.program import clock
from bailiwick.spot.rules.sessions import End, Reach, reach, why_over
from bailiwick.spot.signin import actions, queries
from bailiwick.spot.signin.asking import ask_again_if_due
from bailiwick.spot.signin.models import Session

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Idle time is counted in minutes: a write for every request would be for nothing.
SEEN_AGAIN_AFTER = timedelta(seconds=15)
BY = By("system:session")


class SignedInPerson:
    """Sets on every request:

    `signed_in`: SignedIn or None; `own_session`: the live session even where it reaches nothing just now;
    `session_over`: why the browser's session ended, where it did; `is_unconfirmed`: IDM has not answered for too long.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.signed_in, request.own_session = None, None
        request.session_over, request.is_unconfirmed = None, False
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        session = queries.session_of(key) if key else None
        if session is not None:
            self._recognize(request, session, clock.now())
        return self.answer(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """While IDM does not answer, nothing is changed (O-5); signing out always works."""
        is_held = (
            request.signed_in is not None and request.signed_in.is_read_only and request.method not in READING
        )
        changes_nothing = getattr(view, "works_read_only", False) or view is set_language
        if is_held and not changes_nothing:
            return render(request, "spot_signin/read_only.html", status=503)
        return None

    def _recognize(self, request: HttpRequest, session: Session, now: datetime) -> None:
        over = why_over(session.facts, now, settings.LIMITS)
        if session.ended_at is None and over is not None:
            actions.end_session(session=session, why=over, by=BY, now=now)
            request.session_over = over
            return
        if session.ended_at is None:
            session = ask_again_if_due(session, now)
        if session.ended_at is not None:
            request.session_over = End(session.end_reason)
            return
        request.own_session = session
        if now - session.last_seen_at >= SEEN_AGAIN_AFTER:
            actions.note_seen(session=session, by=BY, now=now)
        how_far = reach(session.facts, now, settings.LIMITS)
        request.is_unconfirmed = how_far is Reach.NONE
        if how_far in (Reach.FULL, Reach.READ_ONLY):
            request.signed_in = queries.signed_in(session, how_far)
