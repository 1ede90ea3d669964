"""Client authentication by a signed assertion (RFC 7523, OpenID Connect Core 9): exact, short-lived, used once.

Authlib finds the assertion and the client; what makes an assertion valid is decided here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from django.conf import settings
from joserfc.jwk import KeySet

from bailiwick.ground.rulings import By
from bailiwick.idm.protocols.oidc import actions, tokens
from bailiwick.idm.protocols.oidc.clients import ALGORITHMS, AUTHENTICATION, RegisteredClient
from bailiwick.idm.rules.limits import Limits

LONGEST_JTI = 64
SKEW = timedelta(seconds=30)
TYPES = ("", "jwt", "client-authentication+jwt")


@dataclass(frozen=True)
class Assertion:
    """Claims that were signed by the client, and against what they are held."""

    claims: dict[str, Any]
    client_id: str
    audiences: tuple[str, ...]
    now: datetime
    limits: Limits


def is_itself(assertion: Assertion) -> bool:
    """`iss` and `sub` are the client (RFC 7523, 3)."""
    return assertion.claims.get("iss") == assertion.client_id == assertion.claims.get("sub")


def is_for_us(assertion: Assertion) -> bool:
    """`aud` is exactly one of our names, alone (RFC 7523, 3; AX24)."""
    audience = assertion.claims.get("aud")
    alone = audience[0] if isinstance(audience, list) and len(audience) == 1 else audience
    return isinstance(alone, str) and alone in assertion.audiences


def is_current(assertion: Assertion) -> bool:
    """`iat` is not ahead, `exp` not past, and both are at most five minutes apart and away."""
    issued, expires = _instant(assertion.claims.get("iat")), _instant(assertion.claims.get("exp"))
    if issued is None or expires is None:
        return False
    longest = assertion.limits.client_assertion_longest.total_seconds()
    now, skew = assertion.now.timestamp(), SKEW.total_seconds()
    return issued <= now + skew and now < expires <= now + longest + skew and 0 < expires - issued <= longest


def is_already_valid(assertion: Assertion) -> bool:
    """`nbf`, if there is one, is not ahead."""
    if "nbf" not in assertion.claims:
        return True
    begins = _instant(assertion.claims["nbf"])
    return begins is not None and begins <= assertion.now.timestamp() + SKEW.total_seconds()


def has_a_name(assertion: Assertion) -> bool:
    """`jti` is there and short: the database remembers it (AX27)."""
    name = assertion.claims.get("jti")
    return isinstance(name, str) and 1 <= len(name) <= LONGEST_JTI and name.isprintable()


CHECKS: tuple[Callable[[Assertion], bool], ...] = (
    is_itself,
    is_for_us,
    is_current,
    is_already_valid,
    has_a_name,
)


def _instant(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**40 else None


def audiences() -> tuple[str, ...]:
    """IDM's names for itself: its issuer, and its token endpoint."""
    return (settings.BASE_URL, f"{settings.BASE_URL}/oidc/token")


class PrivateKeyJwt(JWTBearerClientAssertion):
    """Authlib's client authentication method with our checks. One for each request."""

    CLIENT_AUTH_METHOD = AUTHENTICATION

    def __init__(self, request: OAuth2Request) -> None:
        super().__init__()
        self.request = request

    def resolve_client_public_key(self, client: RegisteredClient) -> KeySet:
        return client.keys

    def process_assertion_claims(self, assertion: str, resolve_key: KeySet) -> dict[str, Any]:
        """The claims, every check passed and the `jti` used up. Raises InvalidClientError, always the same."""
        now, limits, client_id = self.request.now, settings.LIMITS, self.request.client.client_id
        if self.request.form.get("client_id", client_id) != client_id:
            self._refuse("another_client")
        try:
            claims = tokens.read(assertion, keys=resolve_key, algorithms=ALGORITHMS, types=TYPES)
        except tokens.MalformedTokenError:
            self._refuse("signature")
        held = Assertion(claims, client_id, audiences(), now, limits)
        if failed := next((check.__name__ for check in CHECKS if not check(held)), ""):
            self._refuse(failed)
        kept = limits.client_assertion_longest + 2 * SKEW
        if not actions.use_assertion(client_id=client_id, jti=claims["jti"], kept=kept, now=now):
            self._refuse("used_before")
        return claims

    def _refuse(self, why: str) -> NoReturn:
        """On the ledger with the reason; the caller does not hear it."""
        by = By("visitor", self.request.source)
        application = self.request.client.application.code
        actions.refuse_client(application=application, why=why, by=by, now=self.request.now)
        raise InvalidClientError(description="The client assertion is not valid.")


def authenticate(
    query_client: Callable[[str], RegisteredClient | None], request: OAuth2Request
) -> RegisteredClient | None:
    """The client that signed the request's assertion. Raises InvalidClientError."""
    return PrivateKeyJwt(request)(query_client, request)
