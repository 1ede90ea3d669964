"""SPOT's proof of who it is: an assertion signed with its own private key (private_key_jwt, RFC 7523), fresh each time."""

import json
import os
import secrets
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from bailiwick.spot.identity.http import UnansweredError

ALGORITHM = "ES256"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LASTS = timedelta(seconds=60)


class NotSetUpError(UnansweredError):
    """SPOT's own key cannot be used; the message is a sentence for the operator. Until it can, IDM cannot be asked."""


@cache
def _key(path: Path) -> ECKey:
    try:
        key = ECKey.import_key(json.loads(path.read_text()))
    except FileNotFoundError:
        raise NotSetUpError(f"SPOT_CLIENT_KEY_FILE: there is no file at {path}.") from None
    except (ValueError, TypeError, KeyError, JoseError):
        raise NotSetUpError(f"SPOT_CLIENT_KEY_FILE: {path} holds no private JWK.") from None
    if not key.is_private or key.curve_name != "P-256" or not key.kid:
        raise NotSetUpError(f"SPOT_CLIENT_KEY_FILE: {path} must hold a private P-256 JWK with a kid.")
    return key


def client_key() -> ECKey:
    """SPOT's private key. Raises NotSetUpError."""
    return _key(settings.ENVIRONMENT.client_key_file)


def public_keys() -> dict[str, Any]:
    """SPOT's JWK set, for IDM."""
    return {"keys": [_published(client_key())]}


def authentication(*, audience: str, now: datetime) -> dict[str, str]:
    """The form fields that authenticate SPOT at one of IDM's endpoints. Good for one request within a minute."""
    client_id, key = settings.ENVIRONMENT.client_id, client_key()
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": int(now.timestamp()),
        "exp": int((now + ASSERTION_LASTS).timestamp()),
        "jti": secrets.token_urlsafe(24),
    }
    assertion = jwt.encode({"alg": ALGORITHM, "kid": key.kid}, claims, key, algorithms=[ALGORITHM])
    return {"client_id": client_id, "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}


def create_development_client_key(path: Path) -> Path:
    """Write a new private key to `path` unless one is there, and its public JWK set beside it; returns that second path.

    For development runs: an operator makes the key with their own tools and gives IDM the public half only.
    """
    public = path.with_suffix(".public.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        key = ECKey.generate_key("P-256", auto_kid=True)
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(key.as_dict(private=True)))
        fresh.replace(path)
    public.write_text(
        json.dumps({"keys": [_published(ECKey.import_key(json.loads(path.read_text())))]}, indent=1)
    )
    return public


def _published(key: ECKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key.kid, "use": "sig", "alg": ALGORITHM}
