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
    return _send(request, VERIFY if request.half_signed_in else SIGN_IN, origin)


def send_to_verify(request: HttpRequest, *, origin: str = "") -> HttpResponse:
    """Redirect to a second step, remembering this page."""
    return _send(request, VERIFY, origin)


def _send(request: HttpRequest, where: str, origin: str) -> HttpResponse:
    response = HttpResponseRedirect(where)
    continuing.remember(response, path=request.get_full_path(), now=clock.now(), origin=origin)
    return response


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
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite=settings.SESSION_COOKIE_SAMESITE)
    # A browser ignores any Set-Cookie of a `__Host-` name, deletion too, that is not marked secure.
    response.cookies[settings.SESSION_COOKIE_NAME]["secure"] = settings.SESSION_COOKIE_SECURE or ""
