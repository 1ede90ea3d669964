"""The browser in which an official has just typed the code: a link alone can be anybody's, and shows no whole TIN (F-10, A-3)."""

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from bailiwick.spot.forms.models import Signature

SALT = "bailiwick.spot.signpages.signers"
LONGEST = 200


def note_signed(response: HttpResponse, signature: Signature, *, now: datetime) -> None:
    """For as long as a session may idle, this browser is the official's; out of reach of scripts, gone with the browser."""
    value = signing.dumps({"signature": signature.pk, "at": now.isoformat()}, salt=SALT)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(_name(), value, path="/", secure=secure, httponly=True, samesite="Lax")


def has_signed(request: HttpRequest, signature: Signature, *, now: datetime) -> bool:
    """Whether the code of this very signature was typed in this browser a while ago."""
    value = request.COOKIES.get(_name(), "")
    if not 0 < len(value) <= LONGEST:
        return False
    try:
        said = signing.loads(value, salt=SALT)
        since = now - datetime.fromisoformat(said["at"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return False
    return said["signature"] == signature.pk and since < settings.LIMITS.idle_ends_after


def _name() -> str:
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}spot_signed"
