"""The views that machines call: token, introspection, revocation, userinfo, discovery and keys."""

import json
from functools import cache

from authlib.oauth2.rfc6749.errors import OAuth2Error
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.request import RawPostDataException, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bailiwick.ground.program import clock
from bailiwick.idm.applications.queries import catalogue
from bailiwick.idm.protocols.oidc import discovery, queries, token_checks
from bailiwick.idm.protocols.oidc.bearer import bearer_of
from bailiwick.idm.protocols.oidc.keys import signing_keys
from bailiwick.idm.protocols.oidc.parameters import Parameters, parameters_of
from bailiwick.idm.protocols.oidc.server import Request, server

PUBLIC_FOR_MINUTES = "public, max-age=300"


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Tokens for a code, a refresh token, or a machine in its own name."""
    asked = _asked(request)
    try:
        token_checks.run(token_checks.OF_A_TOKEN_REQUEST, request, asked)
    except OAuth2Error as error:
        return server.handle_error_response(None, error)
    return server.create_token_response(Request(request, asked, now=clock.now()))


@csrf_exempt
@require_POST
def introspect(request: HttpRequest) -> HttpResponse:
    return _endpoint(request, "introspection")


@csrf_exempt
@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    return _endpoint(request, "revocation")


def _endpoint(request: HttpRequest, name: str) -> HttpResponse:
    asked = _asked(request)
    try:
        token_checks.run(token_checks.OF_ANY_MACHINE, request, asked)
    except OAuth2Error as error:
        return server.handle_error_response(None, error)
    return server.create_endpoint_response(name, Request(request, asked, now=clock.now()))


def _asked(request: HttpRequest) -> Parameters:
    """The form in the body; nothing where the body is too long, broken off, or no form."""
    try:
        return parameters_of(request.POST)
    except (UnreadablePostError, RawPostDataException):
        return parameters_of(QueryDict())


@csrf_exempt
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """The person's claims as they are now, for the bearer of a live access token (OpenID Connect Core, 5.3)."""
    now = clock.now()
    family = queries.family_of_access_token(bearer_of(request))
    is_live = family and now < family.access_expires_at and queries.is_family_in_force(family, now=now)
    application = catalogue().by_client(family.client_id) if is_live else None
    if application:
        account = family.application_session.session.account
        person = queries.person(account, application, scope=family.scope, now=now)
        if person:
            return JsonResponse(person)
    refused = HttpResponse(status=401)
    refused["WWW-Authenticate"] = 'Bearer error="invalid_token"' if bearer_of(request) else "Bearer"
    return refused


@require_GET
def configuration(request: HttpRequest) -> HttpResponse:
    return _public(request, *_configuration(settings.BASE_URL))


@cache
def _configuration(issuer: str) -> tuple[bytes, str]:
    body = json.dumps(discovery.document(issuer, catalogue()), separators=(",", ":")).encode()
    return body, discovery.etag(body)


@require_GET
def jwks(request: HttpRequest) -> HttpResponse:
    keys = signing_keys()
    return _public(request, keys.jwks, keys.etag)


def _public(request: HttpRequest, body: bytes, etag: str) -> HttpResponse:
    """Bytes made once, for anybody to keep for some minutes."""
    is_known = request.headers.get("If-None-Match") == etag
    response = HttpResponse(status=304) if is_known else HttpResponse(body, content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = PUBLIC_FOR_MINUTES
    response["Access-Control-Allow-Origin"] = "*"
    return response
