"""Telling an application that somebody is signed out there (OpenID Connect Back-Channel Logout 1.0; O-5).

The worker calls `deliver` outside any transaction, again and again until the application confirmed.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

import httpx
from django.conf import settings
from joserfc import jwt

from bailiwick.ground.outbox.delivery import Parcel
from bailiwick.ground.program import clock
from bailiwick.idm.protocols.oidc.clients import RegisteredClient, client_with_id
from bailiwick.idm.protocols.oidc.keys import signing_keys
from bailiwick.wire.events import BACKCHANNEL_LOGOUT

LIFE = timedelta(minutes=2)
PATIENCE_SECONDS = 5
TYPE = "logout+jwt"


class NotConfirmedError(Exception):
    """The application answered, but not that it has signed the person out."""


def deliver(parcel: Parcel) -> None:
    """Post the logout token. Raises where the application did not confirm; a client that is gone needs no telling."""
    client = client_with_id(str(parcel.body["client_id"]))
    if client is None:
        return
    token = logout_token(client, sid=parcel.body["sid"], sub=parcel.body["sub"], now=clock.now())
    answer = httpx.post(
        client.entry.backchannel_logout_uri,
        data={"logout_token": token},
        timeout=PATIENCE_SECONDS,
        follow_redirects=False,
    )
    if not answer.is_success:
        raise NotConfirmedError(f"{client.client_id} answered {answer.status_code}")


def logout_token(client: RegisteredClient, *, sid: str, sub: str, now: datetime) -> str:
    """Made for each delivery anew, so that one which waited is not too old to be believed."""
    algorithm = client.entry.signing_algorithm
    key = signing_keys().current[algorithm]
    claims: dict[str, Any] = {
        "iss": settings.BASE_URL,
        "aud": client.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "jti": secrets.token_urlsafe(16),
        "sub": sub,
        "sid": sid,
        "events": {BACKCHANNEL_LOGOUT: {}},
    }
    return jwt.encode({"alg": algorithm, "kid": key.kid, "typ": TYPE}, claims, key, [algorithm])
