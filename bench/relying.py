"""The relying application's half of OpenID Connect, with SPOT's own key: what it asks and how it signs."""

import base64
import hashlib
import json
import secrets
import time
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT_ID = "spot"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 240


class Relying:
    """A client of the IDM at `issuer` that returns to `redirect_uri`."""

    def __init__(self, *, issuer: str, redirect_uri: str, key_file: Path) -> None:
        self._issuer = issuer
        self._redirect_uri = redirect_uri
        self._key = ECKey.import_key(json.loads(key_file.read_text()))
        self._verifier = secrets.token_urlsafe(48)

    def authorize_path(self) -> str:
        """Where a browser is sent to ask for a code."""
        digest = hashlib.sha256(self._verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": self._redirect_uri,
            "scope": "openid profile email",
            "state": secrets.token_urlsafe(16),
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"/oidc/authorize?{urlencode(asked)}"

    def exchange_form(self, location: str) -> str:
        """The token request for the code in the answer's Location."""
        return urlencode(
            self._authentication()
            | {
                "grant_type": "authorization_code",
                "code": parse_qs(urlsplit(location).query)["code"][0],
                "redirect_uri": self._redirect_uri,
                "code_verifier": self._verifier,
            }
        )

    def introspection_form(self, token: str) -> str:
        return urlencode(self._authentication() | {"token": token})

    def _authentication(self) -> dict[str, str]:
        now = int(time.time())
        claims = {
            "iss": CLIENT_ID,
            "sub": CLIENT_ID,
            "aud": self._issuer,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": secrets.token_urlsafe(24),
        }
        header = {"alg": "ES256", "kid": self._key.kid}
        return {
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": jwt.encode(header, claims, self._key, ["ES256"]),
        }
