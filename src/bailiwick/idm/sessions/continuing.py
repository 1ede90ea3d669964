"""Where a person was going when sign-in or a second step stopped them: kept in a signed cookie, never in a URL.

The cookie outlives the change of the session id, holds no personal value, and is dropped on arrival.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

LIFE = timedelta(minutes=30)
LONGEST = 2_500
SALT = "bailiwick.idm.sessions.continuing"


@dataclass(frozen=True)
class Continuation:
    """`path` within IDM; `asked_at` when it was first asked for; `origin` of the application that waits, or ""."""

    path: str
    asked_at: datetime
    origin: str = ""


def cookie_name() -> str:
    return f"{settings.SESSION_COOKIE_NAME}_continue"


def read(request: HttpRequest) -> Continuation | None:
    """The continuation this browser carries, if it is ours and younger than 30 minutes."""
    value = request.COOKIES.get(cookie_name(), "")
    if not value or len(value) > LONGEST * 2:
        return None
    try:
        data = signing.loads(value, salt=SALT, max_age=LIFE)
        return Continuation(data["p"], datetime.fromisoformat(data["t"]), data["o"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None


def remember(response: HttpResponse, *, path: str, now: datetime, origin: str = "") -> None:
    """Keep `path` for after the sign-in. A path that leads elsewhere, or is too long for a cookie, is not kept."""
    if len(path) > LONGEST or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return
    value = signing.dumps({"p": path, "t": now.isoformat(), "o": origin}, salt=SALT, compress=True)
    response.set_cookie(
        cookie_name(),
        value,
        max_age=int(LIFE.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(cookie_name(), samesite="Lax")
    response.cookies[cookie_name()]["secure"] = settings.SESSION_COOKIE_SECURE or ""
