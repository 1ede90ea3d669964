"""The pages of signing in to and out of SPOT (O-1, M-3). Nothing that came with a URL is ever shown."""

from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from bailiwick.ground.pages.languages import chosen_language, hinted_language, keep_language
from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.spot.identity.discovery import endpoints
from bailiwick.spot.identity.http import UnansweredError
from bailiwick.spot.rules.sessions import End
from bailiwick.spot.rules.signin import PERSON_CAN_TRY_AGAIN, Refusal
from bailiwick.spot.signin import actions, doors, queries, secrets
from bailiwick.spot.signin.arriving import arrive
from bailiwick.spot.signin.leaving import authorization_request
from bailiwick.spot.signin.models import Session
from bailiwick.spot.signin.words import HEADINGS
from bailiwick.wire.claims import ACR_ORDER

logger = structlog.get_logger(__name__)

# A page of IDM's that is not there is worse than a moment's wait for knowing so.
KNOWN_TO_ANSWER_SECONDS = 10.0
# Signed in already, these are nobody's mistake: a link from the history, a second click, the back button.
HARMLESS_WHEN_SIGNED_IN = frozenset(
    {
        Refusal.STATE_MISSING,
        Refusal.STATE_UNKNOWN,
        Refusal.OTHER_WINDOW,
        Refusal.ATTEMPT_USED,
        Refusal.ATTEMPT_TOO_OLD,
    }
)
STATUS = {Refusal.UNANSWERED: 503, Refusal.BUSY: 503, Refusal.NOT_SET_UP: 502, Refusal.TOKEN_INVALID: 502}


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Take the browser to IDM with a fresh state, nonce and PKCE challenge.

    With `again`, for a fresh second step (S-6); with `desk`, for what the desk signs in with (S-2).
    """
    goes_to = doors.safe_path(request.GET.get("next", "")) or reverse("spot_portal:home")
    again, for_desk = "again" in request.GET, "desk" in request.GET
    if request.signed_in is not None and not again and not for_desk:
        return redirect(goes_to)
    try:
        authorization = endpoints(younger_than=KNOWN_TO_ANSWER_SECONDS).authorization
    except UnansweredError as error:
        logger.warning("IDM gave no usable answer", reason=str(error))
        return _refused(request, Refusal.UNANSWERED)
    browser = doors.attempt_cookie(request) or secrets.fresh()
    query = authorization_request(
        browser=browser,
        goes_to=goes_to,
        redirect_uri=_redirect_uri(),
        max_age=settings.LIMITS.desk_verified_within if again else None,
        level=_stricter(settings.DESK_LEVEL, settings.ENVIRONMENT.minimum_acr) if for_desk else "",
        language=chosen_language(request),
        by=by(request),
        now=clock.now(),
    )
    response = HttpResponseRedirect(f"{authorization}?{urlencode(query)}")
    doors.set_attempt_cookie(response, browser)
    return response


def _stricter(one: str, other: str) -> str:
    return max(one, other, key=ACR_ORDER.index)


def _redirect_uri() -> str:
    return settings.BASE_URL + reverse("oidc-callback")


@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """IDM's answer: a session and on to where the person wanted to go, or a page that says what happened."""
    try:
        arrived = arrive(
            request.GET,
            browser=doors.attempt_cookie(request),
            redirect_uri=_redirect_uri(),
            replaces=request.own_session,
            by=by(request),
            now=clock.now(),
        )
    except Refused as refused:
        if request.signed_in is not None and refused.code in HARMLESS_WHEN_SIGNED_IN:
            return render(request, "spot_signin/already.html")
        return _refused(request, Refusal(refused.code))
    response = HttpResponseRedirect(arrived.goes_to)
    doors.set_cookie(response, arrived.key)
    if language := hinted_language(request, arrived.language):
        keep_language(response, language)
    doors.clear_attempt_cookie(response)
    return response


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {
        "heading": HEADINGS[refusal],
        "sentence": sentence_for(refusal),
        "can_try_again": refusal in PERSON_CAN_TRY_AGAIN,
    }
    response = render(request, "spot_signin/refused.html", context, status=STATUS.get(refusal, 400))
    response["X-Refusal"] = refusal.value
    return response


@require_POST
@doors.works_read_only
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here, then at IDM (RP-initiated logout). Works for a session that IDM does not answer for, too."""
    session: Session | None = request.own_session
    way_out = (
        _way_out(queries.logout_hint(session)) if session is not None else reverse("spot_signin:signed_out")
    )
    if session is not None:
        actions.end_session(session=session, why=End.SIGNED_OUT, by=by(request), now=clock.now())
    response = HttpResponseRedirect(way_out)
    doors.clear_cookie(response)
    return response


def _way_out(hint: str) -> str:
    """IDM's end of session, and from there back to us; without a hint IDM asks the person on a page of its own."""
    signed_out = reverse("spot_signin:signed_out")
    try:
        end_session = endpoints(younger_than=KNOWN_TO_ANSWER_SECONDS).end_session
    except UnansweredError:
        return f"{signed_out}?idm=unanswered"
    query = {
        "client_id": settings.ENVIRONMENT.client_id,
        "post_logout_redirect_uri": settings.BASE_URL + signed_out,
        **({"id_token_hint": hint} if hint else {}),
    }
    return f"{end_session}?{urlencode(query)}"


@require_safe
def signed_out(request: HttpRequest) -> HttpResponse:
    """Says that one is signed out, and, where IDM was away, that one may not be signed out there."""
    if request.signed_in is not None:
        return redirect("spot_portal:home")
    is_idm_unanswered = request.GET.get("idm") == "unanswered"
    context = {"is_idm_unanswered": is_idm_unanswered, "idm_url": settings.ENVIRONMENT.idm_url}
    return render(request, "spot_signin/signed_out.html", context)


@require_POST
@doors.works_read_only
@doors.signed_in
def stay(request: HttpRequest) -> HttpResponse:
    """Stay signed in: the request itself has moved the idle clock (M-4)."""
    return redirect(doors.safe_path(request.POST.get("path", "")) or "spot_portal:home")
