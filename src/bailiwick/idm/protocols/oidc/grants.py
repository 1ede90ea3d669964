"""The three grants: a code, a refresh token, a machine in its own name. Authlib drives, `actions` writes."""

from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Request, grants
from authlib.oauth2.rfc6749.errors import InvalidGrantError, InvalidScopeError
from authlib.oauth2.rfc6749.hooks import hooked
from authlib.oidc.core.grants.code import OpenIDToken
from django.conf import settings
from joserfc.jwk import ECKey, RSAKey

from bailiwick.ground.rulings import Refused
from bailiwick.idm.protocols.oidc import actions, bearer, codes, queries
from bailiwick.idm.protocols.oidc.clients import AUTHENTICATION, RegisteredClient
from bailiwick.idm.protocols.oidc.codes import Code
from bailiwick.idm.protocols.oidc.keys import signing_keys
from bailiwick.idm.sessions.models import TokenFamily
from bailiwick.wire.claims import ASSURANCE_CLAIM

Answer = tuple[int, dict[str, Any], list[tuple[str, str]]]


def _token_body(request: OAuth2Request, issued: actions.Issued) -> dict[str, Any]:
    left = issued.tokens.expires_at - request.now
    body = {
        "access_token": issued.tokens.access,
        "token_type": "Bearer",
        "expires_in": int(left.total_seconds()),
        "scope": issued.family.scope,
    }
    return body | ({"refresh_token": issued.tokens.refresh} if issued.tokens.refresh else {})


class CodeGrant(grants.AuthorizationCodeGrant):
    """A code for tokens. The code's note was sealed for this client; its first use inserts the token family."""

    TOKEN_ENDPOINT_AUTH_METHODS = (AUTHENTICATION,)

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        """Nothing to save: the code says it all itself."""

    def generate_authorization_code(self) -> str:
        return codes.seal(self.request.granted)

    def query_authorization_code(self, code: str, client: RegisteredClient) -> Code | None:
        return codes.unseal(code, client_id=client.client_id)

    @hooked
    def create_token_response(self) -> Answer:
        request = self.request
        try:
            request.issued = actions.exchange_code(
                code=request.authorization_code,
                application=request.client.application,
                by=request.by_client(),
                now=request.now,
            )
        except Refused:
            # Which of the reasons it was is not the client's to know (RFC 6749, 5.2).
            raise InvalidGrantError(description="The code is not valid.") from None
        request.nonce = request.authorization_code.nonce
        return 200, _token_body(request, request.issued), self.TOKEN_RESPONSE_HEADER


class RefreshGrant(grants.RefreshTokenGrant):
    """A refresh token for new tokens; each works once."""

    TOKEN_ENDPOINT_AUTH_METHODS = (AUTHENTICATION,)

    def _validate_request_token(self, client: RegisteredClient) -> TokenFamily:
        family = queries.family_of_refresh_token(self.request.form.get("refresh_token", ""))
        if family is None or family.client_id != client.client_id:
            raise InvalidGrantError(description="The refresh token is not valid.")
        return family

    def _validate_token_scope(self, token: TokenFamily) -> None:
        """A refresh gives what the code gave; asking for anything else is refused."""
        asked = self.request.form.get("scope", "")
        if asked and set(asked.split()) != set(token.scope.split()):
            raise InvalidScopeError

    @hooked
    def create_token_response(self) -> Answer:
        request = self.request
        try:
            request.issued = actions.refresh(
                family=request.refresh_token,
                token=request.form["refresh_token"],
                application=request.client.application,
                by=request.by_client(),
                now=request.now,
            )
        except Refused:
            raise InvalidGrantError(description="The refresh token is not valid.") from None
        request.nonce = ""
        return 200, _token_body(request, request.issued), self.TOKEN_RESPONSE_HEADER


class MachineGrant(grants.ClientCredentialsGrant):
    """An application in its own name: for the provisioning API (O-4)."""

    TOKEN_ENDPOINT_AUTH_METHODS = (AUTHENTICATION,)

    def validate_requested_scope(self) -> None:
        asked = self.request.form.get("scope", "").split(" ")
        if not self.request.client.machine_scopes.issuperset(asked):
            raise InvalidScopeError

    def create_token_response(self) -> Answer:
        request = self.request
        scope, life = request.form["scope"], settings.LIMITS.access_token_life
        token = bearer.issue(client_id=request.client.client_id, scope=scope, expires_at=request.now + life)
        body = {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(life.total_seconds()),
            "scope": scope,
        }
        return 200, body, self.TOKEN_RESPONSE_HEADER


class IdToken(OpenIDToken):
    """The ID token of a code or a refresh: the same sign-in, the same `auth_time`, `acr`, `amr` and `sid`."""

    def get_client_algorithm(self, client: RegisteredClient) -> str:
        return client.entry.signing_algorithm

    def get_encode_header(self, client: RegisteredClient) -> dict[str, str]:
        return {"alg": self.get_client_algorithm(client), "kid": self.resolve_client_private_key(client).kid}

    def resolve_client_private_key(self, client: RegisteredClient) -> ECKey | RSAKey:
        return signing_keys().current[self.get_client_algorithm(client)]

    def get_compatible_claims(self, request: OAuth2Request) -> dict[str, Any]:
        family, now = request.issued.family, request.now
        claims = {
            "iss": settings.BASE_URL,
            "aud": request.client.client_id,
            "iat": int(now.timestamp()),
            "exp": int((now + settings.LIMITS.access_token_life).timestamp()),
            "auth_time": int(family.authenticated_at.timestamp()),
            "acr": family.acr,
            "amr": family.amr,
            "sid": str(family.application_session_id),
            # No name, no address, no grant: this token travels in a URL at sign-out, as `id_token_hint`.
            **{name: request.issued.person[name] for name in ("sub", ASSURANCE_CLAIM)},
        }
        return claims | ({"nonce": request.nonce} if request.nonce else {})

    def get_authorization_code_claims(self, authorization_code: Code) -> dict[str, Any]:
        """None beside ours: what the code remembers is in the token family by now."""
        del authorization_code
        return {}

    def generate_user_info(self, user: Any, scope: str) -> dict[str, Any]:
        """None beside ours: the person is among them already."""
        del user, scope
        return {}
