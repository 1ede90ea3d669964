"""What a client may ask about its own tokens: whether they still mean something, and that they no longer shall."""

from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7662 import IntrospectionEndpoint
from django.conf import settings

from bailiwick.idm.protocols.oidc import actions, queries
from bailiwick.idm.protocols.oidc.clients import AUTHENTICATION, RegisteredClient
from bailiwick.idm.sessions.doors import SignedIn
from bailiwick.idm.sessions.models import TokenFamily


class Introspection(IntrospectionEndpoint):
    """How an application re-asks (O-5): the person's grants as they are now, or `{"active": false}` and nothing else."""

    CLIENT_AUTH_METHODS = (AUTHENTICATION,)

    def authenticate_token(self, request: OAuth2Request, client: RegisteredClient) -> dict[str, Any] | None:
        """What is true of the token, or None: unknown, another client's, dead, or without a grant left."""
        self.check_params(request, client)
        family = queries.family_of_access_token(request.form["token"])
        if family is None or family.client_id != client.client_id or request.now >= family.access_expires_at:
            return None
        if not queries.is_family_in_force(family, now=request.now):
            return None
        behind = SignedIn(family.application_session.session)
        grants = queries.grants_in(behind.account, client.application, now=request.now)
        person = queries.told(behind.account, grants, scope=family.scope)
        if person is None:
            return None
        as_desk = behind.strength.may_work_at_desk
        waiting = queries.waiting(
            behind.account, client.application, grants, as_desk=as_desk, now=request.now
        )
        return _describe(family) | person | waiting

    def create_introspection_payload(self, token: dict[str, Any] | None) -> dict[str, Any]:
        return {"active": False} if token is None else {"active": True, **token}


def _describe(family: TokenFamily) -> dict[str, Any]:
    return {
        "iss": settings.BASE_URL,
        "client_id": family.client_id,
        "token_type": "Bearer",
        "scope": family.scope,
        "iat": int(family.created_at.timestamp()),
        "exp": int(family.access_expires_at.timestamp()),
        "sid": str(family.application_session_id),
        "acr": family.acr,
        "amr": family.amr,
        "auth_time": int(family.authenticated_at.timestamp()),
    }


class Revocation(RevocationEndpoint):
    """A client gives a token back: the whole family dies. The answer never tells whether there was one (RFC 7009, 2.2)."""

    CLIENT_AUTH_METHODS = (AUTHENTICATION,)

    def authenticate_token(self, request: OAuth2Request, client: RegisteredClient) -> TokenFamily | None:
        self.check_params(request, client)
        token = request.form["token"]
        family = queries.family_of_access_token(token) or queries.family_of_refresh_token(token)
        return family if family and family.client_id == client.client_id else None

    def revoke_token(self, token: TokenFamily, request: OAuth2Request) -> None:
        actions.revoke(family=token, by=request.by_client(), now=request.now)
