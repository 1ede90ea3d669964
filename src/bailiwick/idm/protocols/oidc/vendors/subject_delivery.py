"""Telling an application where a subject points now: merged into another, or on its own again (A-5).

A Security Event Token (RFC 8417), posted like a logout token, again and again until the application confirmed. The
token's `jti` is the event's: a repeat can be told by it. `toe` is when it happened: a merge and its undoing may be told
within one second, of which `iat` knows no parts.
"""

from datetime import datetime
from typing import Any

import httpx
from django.conf import settings
from joserfc import jwt

from bailiwick.ground.outbox.delivery import Parcel
from bailiwick.ground.program import clock
from bailiwick.idm.protocols.oidc.clients import RegisteredClient, client_with_id
from bailiwick.idm.protocols.oidc.keys import signing_keys
from bailiwick.idm.protocols.oidc.vendors.logout_delivery import LIFE, PATIENCE_SECONDS, NotConfirmedError
from bailiwick.wire.events import SUBJECT_CHANGED

TYPE = "secevent+jwt"


def deliver(parcel: Parcel) -> None:
    """Post the event. Raises where the application did not confirm; one that named no address is not told."""
    client = client_with_id(str(parcel.body["client_id"]))
    if client is None or not client.entry.events_uri:
        return
    token = event_token(client, parcel.body, now=clock.now())
    answer = httpx.post(
        client.entry.events_uri,
        data={"event_token": token},
        timeout=PATIENCE_SECONDS,
        follow_redirects=False,
    )
    if not answer.is_success:
        raise NotConfirmedError(f"{client.client_id} answered {answer.status_code}")


def event_token(client: RegisteredClient, body: dict[str, Any], *, now: datetime) -> str:
    """Made for each delivery anew, so that one which waited is not too old to be believed."""
    algorithm = client.entry.signing_algorithm
    key = signing_keys().current[algorithm]
    claims: dict[str, Any] = {
        "iss": settings.BASE_URL,
        "aud": client.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "jti": str(body["event"]),
        "toe": body["at"],
        "sub": str(body["sub"]),
        "events": {SUBJECT_CHANGED: {"merged_into": str(body["merged_into"])}},
    }
    return jwt.encode({"alg": algorithm, "kid": key.kid, "typ": TYPE}, claims, key, [algorithm])
