"""What views use of a session: who is signed in, who must be, how fresh, the cookie, and where to go afterwards."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from bailiwick.ground.program import clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.rules.sessions import Refusal, Stage, is_fresh
from bailiwick.idm.sessions import continuing
from bailiwick.idm.sessions.models import Session

SIGN_IN = "/"
VERIFY = "/sign-in/verify/"
HOME = "/home/"

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class SignedIn:
    """The person behind the request: stage full or limited, session live, account active."""

    session: Session

    @property
    def account(self) -> Account:
        return self.session.account

    @property
    def account_id(self) -> Any:
        return self.session.account_id

    @property
    def stage(self) -> Stage:
        return Stage(self.session.stage)

    @property
    def is_limited(self) -> bool:
        return self.stage is Stage.LIMITED

    @property
    def acr(self) -> str:
        return self.session.acr

    @property
    def factor_at(self) -> datetime | None:
        return self.session.factor_at

    @functools.cached_property
    def name(self) -> str:
        return full_name(self.account)


def signed_in(view: View) -> View:
    """Let only signed-in people through; send others to sign in, and back afterwards."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.signed_in is None:
            return send_to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def freshly_verified(*, within: timedelta | None = None) -> Callable[[View], View]:
    """Ask for a factor again unless one was passed `within` that time (default: step-up limit) (S-6).

    Raises Refused(SESSION_LIMITED) in a limited session: its e-mail code must not open what it cannot protect (S-2).
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.signed_in is None:
                return send_to_sign_in(request)
            if request.signed_in.is_limited:
                raise Refused(Refusal.SESSION_LIMITED)
            wanted = within or settings.LIMITS.step_up
            if not is_fresh(request.signed_in.factor_at, within=wanted, now=clock.now()):
                return send_to_verify(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def send_to_sign_in(request: HttpRequest, *, origin: str = "") -> HttpResponse:
    """Redirect to sign in (or to the second step, if the password was already given), remembering this page."""
    response = HttpResponseRedirect(VERIFY if request.half_signed_in else SIGN_IN)
    return come_back_here(request, response, origin=origin)


def send_to_verify(request: HttpRequest, *, origin: str = "") -> HttpResponse:
    """Redirect to a second step, remembering this page."""
    return come_back_here(request, HttpResponseRedirect(VERIFY), origin=origin)


def come_back_here(request: HttpRequest, response: HttpResponse, *, origin: str = "") -> HttpResponse:
    """Let `response` remember this page for after the next sign-in or second step.

    `origin`: of the application that waits; forms may lead there meanwhile. A page remembered already keeps its time.
    """
    if request.path in {SIGN_IN, VERIFY}:
        return response  # the way, not the goal: what was remembered before stays
    asked_at = first_asked_at(request) or clock.now()
    continuing.remember(response, path=request.get_full_path(), now=asked_at, origin=origin)
    return response


def first_asked_at(request: HttpRequest) -> datetime | None:
    """When this very page was first asked for, if it is the one that this browser comes back to."""
    going = continuing.read(request)
    return going.asked_at if going and going.path == request.get_full_path() else None


def after_sign_in_url(request: HttpRequest) -> str:
    """Where to go once signed in or verified: the page that was stopped, else home. Always a path within IDM."""
    going = continuing.read(request)
    return going.path if going else HOME


def set_cookie(response: HttpResponse, value: str) -> None:
    """Give the browser its session. It ends with the browser; how long it lives is judged from the row."""
    response.set_cookie(
        settings.SESSION_COOKIE_NAME,
        value,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )


def clear_cookie(response: HttpResponse) -> None:
    """Take the session from the browser, and where its person was going: the next one may be somebody else."""
    continuing.forget(response)
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite=settings.SESSION_COOKIE_SAMESITE)
    # A browser ignores any Set-Cookie of a `__Host-` name, deletion too, that is not marked secure.
    response.cookies[settings.SESSION_COOKIE_NAME]["secure"] = settings.SESSION_COOKIE_SECURE or ""
