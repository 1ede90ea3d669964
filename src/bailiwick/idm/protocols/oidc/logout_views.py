"""Signing out at an application's wish (OpenID Connect RP-Initiated Logout 1.0).

Only an ID token of ours proves that the wish comes from the person's own session; without one a page asks, and nothing
ends by merely following a link (ASVS 10.6.2).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from bailiwick.ground.program import by, clock
from bailiwick.idm.protocols.oidc import checks, tokens
from bailiwick.idm.protocols.oidc.authorize_views import origin_of, unsafe
from bailiwick.idm.protocols.oidc.clients import RegisteredClient, client_with_id
from bailiwick.idm.protocols.oidc.keys import ALGORITHMS, signing_keys
from bailiwick.idm.protocols.oidc.parameters import Parameters, parameters_of
from bailiwick.idm.protocols.oidc.problems import UnsafeRequestError
from bailiwick.idm.rules.sessions import EndReason
from bailiwick.idm.sessions import actions
from bailiwick.idm.sessions.doors import clear_cookie
from bailiwick.idm.sessions.models import ApplicationSession
from bailiwick.idm.sessions.queries import application_session

TYPES = ("", "jwt")
WRONG_ADDRESS = _("The application asked to go on to an address that it has not registered.")
UNCERTAIN = _("The link that brought you here does not say clearly which application you come from.")


@dataclass(frozen=True)
class Wish:
    """What an application asks for. `presence`: the application session its ID token names, if that token is ours."""

    client: RegisteredClient | None
    presence: ApplicationSession | None
    address: str
    state: str


@csrf_exempt
@require_http_methods(["GET", "POST"])
def logout(request: HttpRequest) -> HttpResponse:
    """The end session endpoint."""
    try:
        wish = _wish(parameters_of(request.POST if request.method == "POST" else request.GET))
    except UnsafeRequestError as problem:
        return unsafe(request, problem)
    person = request.signed_in or request.half_signed_in
    if wish.presence is None and person:
        return _ask(request, wish)
    if wish.presence and request.signed_in and wish.presence.session_id != request.signed_in.session.pk:
        return _ask(request, wish)
    if wish.presence:
        _end(request, wish.presence, clock.now())
    return _onward(request, wish)


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """The person pressed Sign Out on our own page."""
    try:
        wish = _wish(parameters_of(request.POST))
    except UnsafeRequestError as problem:
        return unsafe(request, problem)
    session = request.signed_in.session if request.signed_in else request.half_signed_in
    if session:
        actions.end(session=session, why=EndReason.SIGNED_OUT, by=by(request), now=clock.now())
    return _onward(request, wish)


def _wish(asked: Parameters) -> Wish:
    """Raises UnsafeRequestError where an address is asked for that nobody vouches for."""
    checks.readable(asked)
    if asked.doubled:
        raise UnsafeRequestError(checks.MALFORMED)
    claims = _claims(asked.get("id_token_hint"))
    named = {name for name in (asked.get("client_id"), str(claims.get("aud", ""))) if name}
    if len(named) > 1:
        raise UnsafeRequestError(UNCERTAIN)
    client = client_with_id(named.pop()) if named else None
    address = asked.get("post_logout_redirect_uri")
    if address and (client is None or address not in client.entry.post_logout_redirect_uris):
        raise UnsafeRequestError(WRONG_ADDRESS)
    return Wish(client, _presence(claims, client), address, checks.state_to_return(asked))


def _claims(hint: str) -> dict[str, Any]:
    """The claims of an ID token of ours, however old: it only names what to end. {} for any other string."""
    if not hint:
        return {}
    try:
        claims = tokens.read(hint, keys=signing_keys().public, algorithms=ALGORITHMS, types=TYPES)
    except tokens.MalformedTokenError:
        return {}
    is_ours = (
        claims.get("iss") == settings.BASE_URL
        and isinstance(claims.get("aud"), str)
        and "auth_time" in claims
    )
    return claims if is_ours else {}


def _presence(claims: dict[str, Any], client: RegisteredClient | None) -> ApplicationSession | None:
    """The application session that the ID token was given for, if it is this client's and this person's."""
    try:
        presence = application_session(str(UUID(str(claims.get("sid")))))
    except ValueError:
        return None
    if presence is None or client is None or presence.client_id != client.client_id:
        return None
    return presence if str(presence.session.account_id) == claims.get("sub") else None


def _ask(request: HttpRequest, wish: Wish) -> HttpResponse:
    context = {
        "application": wish.client.application if wish.client else None,
        "address": wish.address,
        "state": wish.state,
        "client_id": wish.client.client_id if wish.client else "",
    }
    response = render(request, "oidc/sign_out.html", context)
    if wish.address:
        response._csp_update = {"form-action": [origin_of(wish.address)]}
    return response


def _end(request: HttpRequest, presence: ApplicationSession, now: datetime) -> None:
    """End the browser's session; where the browser has none any more, the application's own presence."""
    why = EndReason.SIGNED_OUT_AT_APPLICATION
    if request.signed_in:
        actions.end(session=presence.session, why=why, by=by(request), now=now)
        return
    actions.end_presence(presence=presence, why=why, by=by(request), now=now)


def _onward(request: HttpRequest, wish: Wish) -> HttpResponse:
    if wish.address:
        state = (
            f"{'&' if urlsplit(wish.address).query else '?'}{urlencode({'state': wish.state})}"
            if wish.state
            else ""
        )
        response: HttpResponse = HttpResponseRedirect(wish.address + state)
    else:
        application = wish.client.application if wish.client else None
        response = render(request, "oidc/signed_out.html", {"application": application, "signed_in": None})
    clear_cookie(response)
    return response
