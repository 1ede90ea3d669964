"""What a request of a machine must be before anybody looks at its secrets: token, introspection, revocation.

Each check raises Authlib's error for its clause; the order is law.
"""

import re
from collections.abc import Callable

from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError, UnsupportedGrantTypeError
from django.http import HttpRequest

from bailiwick.idm.protocols.oidc.parameters import Parameters

FORM = "application/x-www-form-urlencoded"
LONGEST_BODY = 16_384
LONGEST_VALUE = 6_000
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GRANT_TYPES = frozenset({"authorization_code", "refresh_token", "client_credentials"})
VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def a_form_in_the_body(request: HttpRequest, asked: Parameters) -> None:
    """Parameters come in the body alone, as a form (RFC 6749, 3.2; a query string would land in logs)."""
    del asked
    if request.content_type != FORM or request.META.get("QUERY_STRING"):
        raise InvalidRequestError("Parameters come in the body, as a form.")


def readable(request: HttpRequest, asked: Parameters) -> None:
    """Printable ASCII, of sensible size (AX24 oversize)."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_BODY:
        raise InvalidRequestError("The request is too long.")
    if not asked.is_plain or any(len(value) > LONGEST_VALUE for value in asked.values.values()):
        raise InvalidRequestError("A parameter is too long or not printable ASCII.")


def nothing_twice(request: HttpRequest, asked: Parameters) -> None:
    """No parameter comes more than once (RFC 6749, 3.2)."""
    del request
    if asked.doubled:
        raise InvalidRequestError("A parameter is given more than once.")


def one_client_authentication(request: HttpRequest, asked: Parameters) -> None:
    """A signed assertion, and nothing beside it (RFC 6749, 2.3; RFC 7523, 2.2; ASVS 10.4.10)."""
    if "Authorization" in request.headers or asked.get("client_secret"):
        raise InvalidClientError(description="The client authenticates by private_key_jwt alone.")
    if asked.get("client_assertion_type") != ASSERTION_TYPE or not asked.get("client_assertion"):
        raise InvalidClientError(description="The client assertion is missing.")


def known_grant(request: HttpRequest, asked: Parameters) -> None:
    """Three grants, and no other (ASVS 10.4.4)."""
    del request
    if not asked.get("grant_type"):
        raise InvalidRequestError("The parameter grant_type is missing.")
    if asked.get("grant_type") not in GRANT_TYPES:
        raise UnsupportedGrantTypeError(asked.get("grant_type"))


def proof_of_the_code(request: HttpRequest, asked: Parameters) -> None:
    """A code comes with its verifier and address, nothing else has a verifier (RFC 7636, 4.5; RFC 9700, 4.8; AX13)."""
    del request
    is_code = asked.get("grant_type") == "authorization_code"
    verifier = asked.get("code_verifier")
    if is_code and not (VERIFIER.fullmatch(verifier) and asked.get("redirect_uri") and asked.get("code")):
        raise InvalidRequestError("The parameters code, redirect_uri and code_verifier are required.")
    if verifier and not is_code:
        raise InvalidRequestError("Only a code has a code_verifier.")


Check = Callable[[HttpRequest, Parameters], None]
OF_ANY_MACHINE: tuple[Check, ...] = (a_form_in_the_body, readable, nothing_twice, one_client_authentication)
OF_A_TOKEN_REQUEST: tuple[Check, ...] = (*OF_ANY_MACHINE, known_grant, proof_of_the_code)


def run(checks: tuple[Check, ...], request: HttpRequest, asked: Parameters) -> None:
    """Raises the first failing check's OAuth2Error."""
    for check in checks:
        check(request, asked)
