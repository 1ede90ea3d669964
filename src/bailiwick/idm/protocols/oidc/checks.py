"""What an authorization request must be, in security order: first whether we may answer its client at all, then its content.

Each check names its clause. The order is law: a check may rely on all above it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from bailiwick.idm.protocols.oidc.clients import RegisteredClient, client_with_id
from bailiwick.idm.protocols.oidc.parameters import Parameters
from bailiwick.idm.protocols.oidc.problems import RefusedRequestError, UnsafeRequestError
from bailiwick.wire.claims import ACR_ORDER

LONGEST_QUERY = 2_000
LONGEST_STATE = 512
LONGEST_NONCE = 255
LONGEST_AGE = timedelta(days=365)
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
DIGITS = re.compile(r"[0-9]{1,8}")
PROMPTS = frozenset({"none", "login"})
# `registration` and `claims` are optional in OpenID Connect; a client that sends them means something by it.
UNSUPPORTED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
    "claims": "invalid_request",
    "response_mode": "invalid_request",
}

MALFORMED = _("The link that brought you here is not one that IDM can read.")
UNKNOWN_CLIENT = _("The link that brought you here names an application that IDM does not know.")
WRONG_ADDRESS = _(
    "The link that brought you here would lead to an address that the application has not registered."
)


@dataclass(frozen=True)
class AuthorizationRequest:
    """A request that passed every check. `levels`: any of these `acr` suffices; empty asks for none."""

    client: RegisteredClient
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    code_challenge: str
    prompt: str
    max_age: timedelta | None
    levels: tuple[str, ...]


def readable(asked: Parameters) -> None:
    """Printable ASCII only, and short (RFC 6749, appendix A: VSCHAR; AX24 oversize)."""
    size = sum(len(name) + len(value) + 2 for name, value in asked.values.items())
    if not asked.is_plain or size > LONGEST_QUERY:
        raise UnsafeRequestError(MALFORMED)


def one_client_one_address(asked: Parameters) -> None:
    """What decides where the answer goes comes once (RFC 6749, 3.1)."""
    if asked.doubled.intersection({"client_id", "redirect_uri"}):
        raise UnsafeRequestError(MALFORMED)


def known_client(asked: Parameters) -> None:
    """A client of the catalogue (RFC 6749, 4.1.2.1: else no redirect)."""
    if client_with_id(asked.get("client_id")) is None:
        raise UnsafeRequestError(UNKNOWN_CLIENT)


def exact_address(asked: Parameters) -> None:
    """Character by character one of the registered addresses; required (RFC 9700, 4.1.3; ASVS 10.4.1)."""
    client = client_with_id(asked.get("client_id"))
    if client is None or not client.check_redirect_uri(asked.get("redirect_uri")):
        raise UnsafeRequestError(WRONG_ADDRESS)


def nothing_twice(asked: Parameters) -> None:
    """No parameter comes more than once (RFC 6749, 3.1)."""
    if asked.doubled:
        raise RefusedRequestError("invalid_request", "A parameter is given more than once.")


def only_what_is_supported(asked: Parameters) -> None:
    """No request objects, no response modes (OpenID Connect Core, 6; ASVS 10.4.12)."""
    for name, error in UNSUPPORTED.items():
        if asked.get(name):
            raise RefusedRequestError(error, f"The parameter {name} is not supported.")


def code_flow(asked: Parameters) -> None:
    """The authorization code grant, and no other (ASVS 10.4.4)."""
    if not asked.get("response_type"):
        raise RefusedRequestError("invalid_request", "The parameter response_type is missing.")
    if asked.get("response_type") != "code":
        raise RefusedRequestError("unsupported_response_type", "Only response_type=code is supported.")


def bound_to_the_browser(asked: Parameters) -> None:
    """`state` and `nonce` are there and short (ASVS 10.1.2; AX25)."""
    for name, longest in (("state", LONGEST_STATE), ("nonce", LONGEST_NONCE)):
        if not 1 <= len(asked.get(name)) <= longest:
            raise RefusedRequestError(
                "invalid_request", f"The parameter {name} has 1 to {longest} characters."
            )


def known_scopes(asked: Parameters) -> None:
    """`openid`, and otherwise only what the application file allows this client (ASVS 10.4.11)."""
    client = client_with_id(asked.get("client_id"))
    scopes = asked.get("scope").split(" ")
    allowed = client.person_scopes if client else frozenset()
    if "openid" not in scopes or not allowed.issuperset(scopes) or len(set(scopes)) != len(scopes):
        raise RefusedRequestError(
            "invalid_scope", "The scope has openid, and no scope that is not registered."
        )


def proof_key(asked: Parameters) -> None:
    """PKCE with S256, for every client (RFC 7636, 4.4.1; ASVS 10.4.6; AX13)."""
    if asked.get("code_challenge_method") != "S256":
        raise RefusedRequestError("invalid_request", "The code_challenge_method must be S256.")
    if not CHALLENGE.fullmatch(asked.get("code_challenge")):
        raise RefusedRequestError("invalid_request", "The code_challenge is 43 characters of base64url.")


def known_prompt(asked: Parameters) -> None:
    """`none` stands alone; nobody is asked for consent or to choose an account (OpenID Connect Core, 3.1.2.1)."""
    if asked.get("prompt") and asked.get("prompt") not in PROMPTS:
        raise RefusedRequestError("invalid_request", "The prompt is none or login.")


def sensible_age(asked: Parameters) -> None:
    """`max_age` is a number of seconds (OpenID Connect Core, 3.1.2.1)."""
    if asked.get("max_age") and not DIGITS.fullmatch(asked.get("max_age")):
        raise RefusedRequestError("invalid_request", "The max_age is a number of seconds.")


def known_levels(asked: Parameters) -> None:
    """At least one of the levels asked for is ours (OpenID Connect Core, 3.1.2.1; RFC 9470, 5)."""
    levels = asked.get("acr_values").split()
    if levels and not set(levels).intersection(ACR_ORDER):
        raise RefusedRequestError("unmet_authentication_requirements", "None of the acr_values is known.")


Check = Callable[[Parameters], None]
BEFORE_REDIRECTING: tuple[Check, ...] = (readable, one_client_one_address, known_client, exact_address)
OF_THE_REQUEST: tuple[Check, ...] = (
    nothing_twice,
    only_what_is_supported,
    code_flow,
    bound_to_the_browser,
    known_scopes,
    proof_key,
    known_prompt,
    sensible_age,
    known_levels,
)


def may_answer(asked: Parameters) -> None:
    """Raises UnsafeRequestError unless the client and its redirect address are certain."""
    for check in BEFORE_REDIRECTING:
        check(asked)


def authorization_request(asked: Parameters) -> AuthorizationRequest:
    """The request, every check passed. Call `may_answer` first. Raises RefusedRequestError."""
    for check in OF_THE_REQUEST:
        check(asked)
    client = client_with_id(asked.get("client_id"))
    if client is None:
        raise UnsafeRequestError(UNKNOWN_CLIENT)
    age = asked.get("max_age")
    return AuthorizationRequest(
        client=client,
        redirect_uri=asked.get("redirect_uri"),
        scope=asked.get("scope"),
        state=asked.get("state"),
        nonce=asked.get("nonce"),
        code_challenge=asked.get("code_challenge"),
        prompt=asked.get("prompt"),
        max_age=min(timedelta(seconds=int(age)), LONGEST_AGE) if age else None,
        levels=tuple(level for level in asked.get("acr_values").split() if level in ACR_ORDER),
    )


def state_to_return(asked: Parameters) -> str:
    """The `state` for an error redirect: as it came, if it came once and fits."""
    state = asked.get("state")
    return state if "state" not in asked.doubled and len(state) <= LONGEST_STATE else ""
