"""SPOT's doors for IDM: the end of sessions (back-channel logout, O-5), events about subjects (A-5), SPOT's public keys."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from bailiwick.ground.ledger import By
from bailiwick.ground.program import clock
from bailiwick.spot.identity.client import NotSetUpError, public_keys
from bailiwick.spot.identity.http import UnansweredError
from bailiwick.spot.identity.tokens import InvalidTokenError
from bailiwick.spot.signin import actions, checks

logger = structlog.get_logger(__name__)

FORM = "application/x-www-form-urlencoded"
LARGEST_BODY = 20_000


@csrf_exempt
@require_POST
def backchannel_logout(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Back-Channel Logout: 200 when the sessions are over (also when they were before), 400, 503.

    The same token again ends nothing and is answered 200: the sender may not have heard the first answer.
    """
    return _told(request, "logout_token", _end)


@csrf_exempt
@require_POST
def events(request: HttpRequest) -> HttpResponse:
    """A security event token (RFC 8417) about somebody's subject: 200 when it is noted (also when it was before), 400, 503."""
    return _told(request, "event_token", _note)


def _told(
    request: HttpRequest, name: str, take: Callable[[object, By, datetime], dict[str, object]]
) -> HttpResponse:
    if request.content_type != FORM or int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return _answer({"error": "invalid_request"}, 400)
    now, given = clock.now(), request.POST.getlist(name)
    by = By(f"client:{settings.ENVIRONMENT.idm_url}", request.META.get("REMOTE_ADDR", ""))
    try:
        done = take(given[0] if len(given) == 1 else None, by, now)
    except InvalidTokenError as error:
        logger.warning("a token from IDM was not valid", token=name, check=str(error))
        return _answer({"error": "invalid_request"}, 400)
    except UnansweredError:
        # IDM's keys could not be read: nothing is known of the token, and IDM tries again.
        return _answer({"error": "temporarily_unavailable"}, 503)
    return _answer(done, 200)


def _end(token: object, by: By, now: datetime) -> dict[str, object]:
    logout = checks.logout_token(token, now=now, limits=settings.LIMITS)
    return {"ended": actions.end_told(logout=logout, by=by, now=now)}


def _note(token: object, by: By, now: datetime) -> dict[str, object]:
    change = checks.event_token(token, now=now, limits=settings.LIMITS)
    return {"noted": actions.note_subject(change=change, by=by, now=now)}


@require_safe
def keys(_request: HttpRequest) -> HttpResponse:
    """The JWK set with which IDM checks that a request is SPOT's."""
    try:
        return JsonResponse(public_keys())
    except NotSetUpError as error:
        logger.error("SPOT cannot say who it is", reason=str(error))  # noqa: TRY400 - the sentence says where
        return _answer({"error": "temporarily_unavailable"}, 503)


def _answer(data: dict[str, object], status: int) -> HttpResponse:
    response = JsonResponse(data, status=status)
    response["Cache-Control"] = "no-store"
    return response
