"""SPOT's doors for IDM: the end of sessions (back-channel logout, O-5), and SPOT's public keys."""

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
    if request.content_type != FORM or int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return _answer({"error": "invalid_request"}, 400)
    now, given = clock.now(), request.POST.getlist("logout_token")
    try:
        logout = checks.logout_token(given[0] if len(given) == 1 else None, now=now, limits=settings.LIMITS)
    except InvalidTokenError as error:
        logger.warning("a logout token was not valid", check=str(error))
        return _answer({"error": "invalid_request"}, 400)
    except UnansweredError:
        # IDM's keys could not be read: nothing is known of the token, and IDM tries again.
        return _answer({"error": "temporarily_unavailable"}, 503)
    by = By(f"client:{settings.ENVIRONMENT.idm_url}", request.META.get("REMOTE_ADDR", ""))
    count = actions.end_told(logout=logout, by=by, now=now)
    return _answer({"ended": count}, 200)


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
