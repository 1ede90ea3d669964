"""What views use of a session: who is signed in, who must be, how fresh, the cookie, and where to go afterwards."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from bailiwick.ground.pages.keeping import typed_in
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.accounts.models import Account
from bailiwick.idm.accounts.queries import full_name
from bailiwick.idm.rules.desk import Refusal as DeskRefusal
from bailiwick.idm.rules.devices import cookie_with, device_words, secrets_in
from bailiwick.idm.rules.factors import FactorKind, may_step_up
from bailiwick.idm.rules.grants import SignInStrength
from bailiwick.idm.rules.sessions import Refusal, Stage, fresh_proofs, is_fresh
from bailiwick.idm.sessions import actions, continuing
from bailiwick.idm.sessions.held import held_kinds
from bailiwick.idm.sessions.models import Session
from bailiwick.wire.claims import ACR_PHISHING_RESISTANT

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

    @property
    def strength(self) -> SignInStrength:
        """As the rules of deciding and of the desks want to know it (S-2)."""
        return SignInStrength(acr=self.acr, is_limited=self.is_limited, desk_level=settings.DESK_LEVEL)

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
    """Ask for a factor again unless one as strong as the account's strongest was passed `within` that time (S-6).

    Default: the step-up limit. What counts as strongest is asked now: a session verified by e-mail stops sufficing at
    the moment another one adds an authenticator (AX05). Raises Refused(SESSION_LIMITED) in a limited session: its
    e-mail code must not open what it cannot protect (S-2).
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.signed_in is None:
                return send_to_sign_in(request)
            if request.signed_in.is_limited:
                raise Refused(Refusal.SESSION_LIMITED)
            wanted = within or settings.LIMITS.step_up
            if not is_proven(request.signed_in, within=wanted, now=clock.now()):
                return send_to_verify(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def desk_factor_page(request: HttpRequest) -> HttpResponse | None:
    """The page that says what a desk signs in with, for a member whose session has less; None where it has it (S-2).

    What a form had brought stands in the page, to be sent again once the passkey was used in another window.
    """
    person = request.signed_in
    if person.strength.may_work_at_desk:
        return None
    held, wants_passkey = held_kinds(person.account), settings.DESK_LEVEL == ACR_PHISHING_RESISTANT
    context = {
        "wants_passkey": wants_passkey,
        "has_it": FactorKind.PASSKEY in held if wants_passkey else held != [FactorKind.EMAIL],
        "is_limited": person.is_limited,
        "kept": typed_in(request),
    }
    page = render(request, "sessions/desk_factor.html", context, status=403)
    because = Refusal.SESSION_LIMITED if person.is_limited else DeskRefusal.STRONGER_FACTOR_NEEDED
    page["X-Refusal"] = because.value
    return come_back_here(request, page)


def is_proven(person: SignedIn, *, within: timedelta, now: datetime) -> bool:
    """Whether a factor as strong as the account's strongest was passed within that time (S-6)."""
    is_recent = is_fresh(person.factor_at, within=within, now=now)
    fresh = fresh_proofs(person.session.proofs, within=within, now=now) if is_recent else []
    held = [FactorKind(kind) for kind in held_kinds(person.account)] if fresh else []
    return any(may_step_up(FactorKind(factor), held) for factor in fresh if factor in set(FactorKind))


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


def meet_device(request: HttpRequest, *, now: datetime) -> str:
    """At the first page of a session: recognize the browser (S-9). Returns its cookie's new value, "" where it needs none."""
    session = request.signed_in.session
    if session.device_id:
        return ""
    asked_by = by(request)
    known = secrets_in(request.COOKIES.get(device_cookie_name(), ""))
    secret = actions.meet(
        session=session,
        known=known,
        words=device_words(request.headers.get("User-Agent", "")),
        place=settings.PLACES.of(asked_by.source),
        by=asked_by,
        now=now,
    )
    return cookie_with(secret, known) if secret else ""


def device_cookie_name() -> str:
    return f"{settings.SESSION_COOKIE_NAME}_device"


def set_device_cookie(response: HttpResponse, value: str) -> None:
    """Let the browser be known again. It opens nothing: whoever steals it is only spared a mail (S-9)."""
    response.set_cookie(
        device_cookie_name(),
        value,
        max_age=int(settings.LIMITS.devices_kept.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )


def discreet(page: HttpResponse) -> HttpResponse:
    """For a page whose address holds a token: it goes along to no other page, not even to ours."""
    page["Referrer-Policy"] = "strict-origin"
    return page
