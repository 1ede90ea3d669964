"""For the views of other rooms: who may enter a page, and SPOT's cookies."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from bailiwick.spot.rules.sessions import End

LONGEST_PATH = 500
COOKIE_LENGTH = 43
View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Only for people who are signed in: others get the page that says what happened, or are taken to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.signed_in is not None:
            return view(request, *args, **kwargs)
        if request.session_over is not None:
            return session_over(request, request.session_over)
        if request.is_unconfirmed:
            return render(request, "spot_signin/unconfirmed.html", status=503)
        path = request.get_full_path() if request.method == "GET" else ""
        return redirect(
            f"{reverse('spot_signin:start')}?{urlencode({'next': path})}" if path else "spot_signin:start"
        )

    return guarded


def works_read_only(view: View) -> View:
    """For a view that may change something even while IDM does not answer (O-5)."""
    view.works_read_only = True
    return view


def session_over(request: HttpRequest, why: End) -> HttpResponse:
    """The page for a browser whose session has ended; told once, then the browser is a visitor's again."""
    response = render(
        request, "spot_signin/over.html", {"why": why.value, "path": safe_path(request.path)}, status=403
    )
    clear_cookie(response)
    return response


def safe_path(text: str) -> str:
    """`text` where it is a path of SPOT's own pages to come back to after sign-in, else ""."""
    if not 0 < len(text) <= LONGEST_PATH or not text.isprintable() or not text.startswith("/"):
        return ""
    if not url_has_allowed_host_and_scheme(text, allowed_hosts=None):
        return ""
    try:
        match = resolve(text.partition("?")[0].partition("#")[0])
    except Resolver404:
        return ""
    return text if match.app_name in PLACES_TO_RETURN_TO else ""


PLACES_TO_RETURN_TO = frozenset({"spot_portal", "spot_helpdesk"})


def set_cookie(response: HttpResponse, key: str) -> None:
    """Give the browser its session key: out of reach of scripts, gone with the browser, over TLS where there is TLS."""
    response.set_cookie(settings.SESSION_COOKIE_NAME, key, **_attributes())


def clear_cookie(response: HttpResponse) -> None:
    _delete(response, settings.SESSION_COOKIE_NAME)


def attempt_cookie_name() -> str:
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}spot_signing_in"


def set_attempt_cookie(response: HttpResponse, value: str) -> None:
    """Mark the browser that starts a sign-in: IDM's answer counts in this browser alone (AX25)."""
    seconds = int(settings.LIMITS.attempt_lasts.total_seconds())
    response.set_cookie(attempt_cookie_name(), value, max_age=seconds, **_attributes())


def clear_attempt_cookie(response: HttpResponse) -> None:
    _delete(response, attempt_cookie_name())


def attempt_cookie(request: HttpRequest) -> str:
    """The browser's mark, or "" where it has none of ours."""
    value = request.COOKIES.get(attempt_cookie_name(), "")
    return value if len(value) == COOKIE_LENGTH and value.isascii() else ""


def _attributes() -> dict[str, Any]:
    return {"path": "/", "secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}


def _delete(response: HttpResponse, name: str) -> None:
    response.delete_cookie(name, path="/", samesite="Lax")
    # Browsers take a `__Host-` cookie, its deletion too, only when it is marked secure.
    response.cookies[name]["secure"] = settings.SESSION_COOKIE_SECURE
    response.cookies[name]["httponly"] = True
