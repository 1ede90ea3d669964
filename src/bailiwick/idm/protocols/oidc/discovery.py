"""What IDM says of itself at `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0, RFC 8414). Pure."""

import hashlib
from typing import Any

from bailiwick.idm.rules.catalogue import Catalogue
from bailiwick.wire.claims import ACR_ORDER, ASSURANCE_CLAIM, GRANTS_CLAIM, USER_ID_CLAIM

CLAIMS = (
    *("iss", "sub", "aud", "exp", "iat", "auth_time", "acr", "amr", "sid", "nonce", "at_hash"),
    *("name", "locale", "email", "email_verified", USER_ID_CLAIM, ASSURANCE_CLAIM, GRANTS_CLAIM),
)
AUTHENTICATION = ["private_key_jwt"]
ASSERTION_ALGORITHMS = ["ES256", "RS256", "PS256"]
DOORS = {
    "authorization_endpoint": "authorize",
    "token_endpoint": "token",
    "userinfo_endpoint": "userinfo",
    "introspection_endpoint": "introspect",
    "revocation_endpoint": "revoke",
    "end_session_endpoint": "logout",
    "jwks_uri": "jwks.json",
}
SUPPORTED: dict[str, Any] = {
    "ui_locales_supported": ["en", "es"],
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
    "subject_types_supported": ["public"],
    "prompt_values_supported": ["none", "login"],
    "code_challenge_methods_supported": ["S256"],
    "authorization_response_iss_parameter_supported": True,
    "backchannel_logout_supported": True,
    "backchannel_logout_session_supported": True,
    "claims_parameter_supported": False,
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
}


def document(issuer: str, catalogue: Catalogue) -> dict[str, Any]:
    """Every door and what it takes; what is not named is not there."""
    clients = [application.client for application in catalogue.applications if application.client]
    return {
        "issuer": issuer,
        **{name: f"{issuer}/oidc/{path}" for name, path in DOORS.items()},
        **_client_authentication(),
        "id_token_signing_alg_values_supported": sorted(
            {client.signing_algorithm for client in clients} | {"ES256"}
        ),
        "scopes_supported": sorted({scope for client in clients for scope in client.scopes} | {"openid"}),
        "claims_supported": CLAIMS,
        "acr_values_supported": list(ACR_ORDER),
        **SUPPORTED,
    }


def _client_authentication() -> dict[str, list[str]]:
    kinds = {
        "methods_supported": AUTHENTICATION,
        "signing_alg_values_supported": ASSERTION_ALGORITHMS,
    }
    doors = ("token", "introspection", "revocation")
    return {f"{door}_endpoint_auth_{kind}": value for door in doors for kind, value in kinds.items()}


def etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'
