"""Where a person's browser arrives from an application: checked, signed in if need be, and sent back with a code.

Until checks.may_answer has passed, every problem is a page; afterwards it is a redirect, and each carries `iss` (RFC 9207).
"""

from datetime import datetime
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.rfc6749.errors import OAuth2Error
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bailiwick.ground.pages.languages import hinted_language, keep_language, read_in
from bailiwick.ground.program import by, clock
from bailiwick.idm.access.queries import claims_on_entry, grants_for_claims
from bailiwick.idm.protocols.oidc import actions, checks
from bailiwick.idm.protocols.oidc.checks import AuthorizationRequest
from bailiwick.idm.protocols.oidc.codes import Code
from bailiwick.idm.protocols.oidc.parameters import Parameters, parameters_of
from bailiwick.idm.protocols.oidc.problems import RefusedRequestError, UnsafeRequestError
from bailiwick.idm.protocols.oidc.server import Request, server
from bailiwick.idm.rules.oidc import Entry, Visit, entry_of, is_strong_enough, strictest
from bailiwick.idm.sessions.actions import open_application_session
from bailiwick.idm.sessions.doors import come_back_here, first_asked_at, send_to_sign_in, send_to_verify
from bailiwick.wire.claims import ACR_MFA, GrantClaim

# What an application hears where it asked for silence (`prompt=none`) and a person would have to do something.
SILENT_ANSWER = {
    Entry.SIGNS_IN: ("login_required", "Nobody is signed in."),
    Entry.VERIFIES: ("login_required", "The person has to sign in again."),
    Entry.STRENGTHENS: ("unmet_authentication_requirements", "The person has to sign in more strongly."),
    Entry.HAS_NO_ACCESS: ("access_denied", "The person holds no active role in this application."),
}


@csrf_exempt
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """The authorization endpoint (OpenID Connect Core, 3.1.2)."""
    if request.method == "POST":
        return _by_get(request)
    asked, now = parameters_of(request.GET), clock.now()
    try:
        checks.may_answer(asked)
    except UnsafeRequestError as problem:
        return unsafe(request, problem)
    try:
        wanted = checks.authorization_request(asked)
    except RefusedRequestError as problem:
        return _refused(asked, problem.error, problem.description)
    hinted = hinted_language(request, asked.get("ui_locales"))
    read_in(request, hinted)
    response = _visit(request, asked, wanted, now)
    if hinted:
        keep_language(response, hinted)
    return response


def _by_get(request: HttpRequest) -> HttpResponse:
    """A form posted from another site carries no session cookie; the redirect that follows it does."""
    try:
        checks.may_answer(parameters_of(request.POST))
    except UnsafeRequestError as problem:
        return unsafe(request, problem)
    response = HttpResponseRedirect(f"{request.path}?{request.POST.urlencode()}")
    response.status_code = 303
    return response


def unsafe(request: HttpRequest, problem: UnsafeRequestError) -> HttpResponse:
    """A page in words, without a way back to an address nobody vouches for (AX12)."""
    return render(request, "oidc/unsafe.html", {"sentence": problem.sentence}, status=400)


def _visit(
    request: HttpRequest, asked: Parameters, wanted: AuthorizationRequest, now: datetime
) -> HttpResponse:
    person, application = request.signed_in, wanted.client.application
    # What rests is woken by a sign-in that somebody chose, never silently (I-1, I-4).
    asked_for = grants_for_claims if wanted.prompt == "none" else claims_on_entry
    grants = asked_for(person.account, application.code, now=now) if person else []
    entry = entry_of(_facts(request, wanted, grants, now), now=now)
    if entry is Entry.ENTERS:
        return _with_code(request, asked, wanted, now)
    if entry is Entry.HAS_NO_ACCESS:
        actions.refuse_entry(
            account=person.account,
            application=application.code,
            why="no_active_grant",
            by=by(request),
            now=now,
        )
    if wanted.prompt == "none":
        return _refused(asked, *SILENT_ANSWER[entry])
    if entry is Entry.HAS_NO_ACCESS:
        return HttpResponseRedirect(f"{reverse('no_access')}?{urlencode({'application': application.code})}")
    if entry is Entry.STRENGTHENS:
        return _stronger(request, wanted, _minimum(wanted, grants))
    send = send_to_sign_in if entry is Entry.SIGNS_IN else send_to_verify
    return send(request, origin=origin_of(wanted.redirect_uri))


def _facts(
    request: HttpRequest, wanted: AuthorizationRequest, grants: list[GrantClaim], now: datetime
) -> Visit:
    person = request.signed_in
    return Visit(
        verified_at=person.factor_at if person else None,
        acr=person.acr if person else "",
        asked_at=first_asked_at(request) or now,
        wants_fresh=wanted.prompt == "login",
        max_age=wanted.max_age,
        levels=wanted.levels,
        minimum=_minimum(wanted, grants),
        has_access=bool(grants),
    )


def _minimum(wanted: AuthorizationRequest, grants: list[GrantClaim]) -> str:
    """What the application, and every role that the person holds there, asks for at least (S-2)."""
    held = {grant.role for grant in grants}
    of_roles = [role.minimum_acr for role in wanted.client.application.roles if role.code in held]
    return strictest([wanted.client.entry.minimum_acr, *of_roles])


def _stronger(request: HttpRequest, wanted: AuthorizationRequest, minimum: str) -> HttpResponse:
    """The application, or a role held there, wants a stronger second step than this sign-in had (S-2)."""
    wants_passkey = not is_strong_enough(ACR_MFA, minimum, wanted.levels)
    context = {"application": wanted.client.application, "wants_passkey": wants_passkey}
    page = render(request, "oidc/stronger.html", context)
    return come_back_here(request, page, origin=origin_of(wanted.redirect_uri))


def _with_code(
    request: HttpRequest, asked: Parameters, wanted: AuthorizationRequest, now: datetime
) -> HttpResponse:
    entry = wanted.client.entry
    presence = open_application_session(
        session=request.signed_in.session,
        application=wanted.client.application.code,
        client_id=entry.client_id,
        now=now,
    )
    inner = Request(request, asked, now=now)
    inner.granted = Code(
        sid=str(presence.pk),
        client_id=entry.client_id,
        redirect_uri=wanted.redirect_uri,
        scope=wanted.scope,
        nonce=wanted.nonce,
        code_challenge=wanted.code_challenge,
        is_interactive=wanted.prompt != "none",
        issued_at=now,
    )
    try:
        grant = server.get_consent_grant(inner, end_user=request.signed_in.account)
    except OAuth2Error as error:
        return _refused(asked, error.error, error.get_error_description())
    response = server.create_authorization_response(inner, grant_user=request.signed_in.account, grant=grant)
    response["Location"] = f"{response['Location']}&{urlencode({'iss': settings.BASE_URL})}"
    return response


def _refused(asked: Parameters, error: str, description: str) -> HttpResponse:
    """An error at the client's own address; `may_answer` has passed."""
    answer = {"error": error, "error_description": description, "state": checks.state_to_return(asked)}
    answer = {name: value for name, value in answer.items() if value} | {"iss": settings.BASE_URL}
    address = asked.get("redirect_uri")
    return HttpResponseRedirect(f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(answer)}")


def origin_of(address: str) -> str:
    """Scheme and host, for the content security policy."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
