"""SPOT as a client of IDM's machine doors, made by hand: its own key, whatever else a test wants to send."""

import json
import secrets
import time

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from tests.faults.world import World

CLIENT_ID = "spot"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Machine:
    """`http` is at IDM's origin."""

    def __init__(self, world: World) -> None:
        key_file = world.programs.world.directory / "spot-client.json"
        self._key = ECKey.import_key(json.loads(key_file.read_text()))
        self._issuer = world.programs.idm_url
        self.http = httpx.Client(base_url=self._issuer, timeout=30, trust_env=False)

    def proof(self) -> dict[str, str]:
        """The form fields that authenticate SPOT, good for one request."""
        now = int(time.time())  # noqa: TID251 - the client's own clock
        claims = {"iss": CLIENT_ID, "sub": CLIENT_ID, "aud": self._issuer, "iat": now, "exp": now + 60}
        claims["jti"] = secrets.token_urlsafe(24)
        header = {"alg": "ES256", "kid": self._key.kid}
        assertion = jwt.encode(header, claims, self._key, algorithms=["ES256"])
        return {
            "client_id": CLIENT_ID,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }

    def bearer(self) -> dict[str, str]:
        """The header of a token for the provisioning API."""
        form = self.proof() | {"grant_type": "client_credentials", "scope": "provisioning"}
        answer = self.http.post("/oidc/token", data=form)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}
